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
import picocli.CommandLine.ParameterException;
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
      "  switchboard publish news '{\"price\":7}' --idempotency-key offer-17",
      "  switchboard publish news '{\"price\":7}' --data-version 42",
    })
public final class PublishCommand implements Callable<Integer> {
  private final ConfigSource source;

  @Spec private CommandSpec spec;
  @Mixin private ApiOptions api;

  @Option(names = "--json", description = "Print the node's answer as JSON.")
  private boolean json;

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "Names this message: a repeat with the same key is not kept again.")
  private String idempotencyKey;

  @Option(
      names = "--data-version",
      paramLabel = "N",
      description = "Nothing happens if the channel has seen this version or a newer one.")
  private Long dataVersion;

  @Option(
      names = "--version-epoch",
      paramLabel = "NAME",
      description = "Which count the version is of; another one starts anew.")
  private String versionEpoch;

  @Option(names = "--skip-history", description = "Do not keep it; only who listens now gets it.")
  private boolean skipHistory;

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
    fill(parameters);
    JsonNode result = api.client(source).call("publish", parameters);
    var out = spec.commandLine().getOut();
    out.println(json ? result.toString() : text(result));
    return 0;
  }

  private void fill(ObjectNode parameters) {
    if (versionEpoch != null && dataVersion == null) {
      throw new ParameterException(
          spec.commandLine(), "--version-epoch says which count --data-version is of; name both");
    }
    if (idempotencyKey != null) {
      parameters.put("idempotency_key", idempotencyKey);
    }
    if (dataVersion != null) {
      parameters.put("version", dataVersion);
    }
    if (versionEpoch != null) {
      parameters.put("version_epoch", versionEpoch);
    }
    if (skipHistory) {
      parameters.put("skip_history", true);
    }
  }

  /// What was published, and where the stream is with it if there is one.
  private String text(JsonNode result) {
    return result.has("epoch")
        ? "published to %s: offset %s, epoch %s"
            .formatted(channel, result.path("offset").asText(), result.path("epoch").asText())
        : "published to " + channel;
  }
}
