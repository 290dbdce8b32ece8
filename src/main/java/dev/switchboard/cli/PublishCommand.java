package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.config.ConfigException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `publish`: one message to everybody subscribed to a channel.
@Command(
    name = "publish",
    description = "Publishes a JSON value to a channel.",
    footer = {
      "%nExamples:",
      "  switchboard publish demo '{\"text\":\"hello\"}'",
      "  date +'\"%%T\"' | switchboard publish demo -",
    })
public final class PublishCommand implements Callable<Integer> {
  private final ConfigSource source;

  @Spec private CommandSpec spec;
  @Mixin private ApiOptions api;

  @Option(names = "--json", description = "Print the node's answer as JSON.")
  private boolean json;

  @Parameters(index = "0", paramLabel = "CHANNEL", description = "Channel, such as demo.")
  private String channel;

  @Parameters(index = "1", paramLabel = "JSON", description = "The value; - reads it from stdin.")
  private String value;

  /// @param source where the node's address and key come from
  public PublishCommand(ConfigSource source) {
    this.source = source;
  }

  @Override
  public Integer call() throws ConfigException {
    ObjectNode parameters = JsonNodeFactory.instance.objectNode().put("channel", channel);
    parameters.putRawValue("data", JsonArgument.read(spec.commandLine(), value, System.in));
    JsonNode result = api.client(source).call("publish", parameters);
    var out = spec.commandLine().getOut();
    out.println(json ? result.toString() : "published to " + channel);
    return 0;
  }
}
