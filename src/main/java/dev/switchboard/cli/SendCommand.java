package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.config.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `send`: one message to one session, or to every session of a user.
@Command(
    name = "send",
    description = {
      "Sends a JSON value to a user or to one session.",
      "Prints what became of it for each; exits with 1 when nobody got it.",
    },
    footer = {
      "%nExamples:",
      "  switchboard send --user dev '{\"text\":\"hello\"}'",
      "  switchboard send --client 5SsI0q6mKXgpvFtdm0RlTg - < message.json",
    })
public final class SendCommand implements Callable<Integer> {
  private static final Set<String> GOT_IT = Set.of("written", "acked", "queued");

  private final ConfigSource source;

  @Spec private CommandSpec spec;
  @Mixin private ApiOptions api;

  @ArgGroup(multiplicity = "1")
  private Recipient recipient;

  @Option(names = "--json", description = "Print the node's answer as JSON.")
  private boolean json;

  @Parameters(index = "0", paramLabel = "JSON", description = "The value; - reads it from stdin.")
  private String value;

  /// @param source where the node's address and key come from
  public SendCommand(ConfigSource source) {
    this.source = source;
  }

  /// Exactly one of both.
  private static final class Recipient {
    @Option(names = "--user", paramLabel = "ID", description = "All sessions of this user.")
    private String user;

    @Option(names = "--client", paramLabel = "ID", description = "The session with this id.")
    private String client;
  }

  @Override
  public Integer call() throws ConfigException {
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    if (recipient.user != null) {
      parameters.put("user", recipient.user);
    } else {
      parameters.put("client", recipient.client);
    }
    parameters.putRawValue("data", JsonArgument.read(spec.commandLine(), value, System.in));
    JsonNode result = api.client(source).call("send", parameters);
    JsonNode deliveries = result.path("deliveries");
    var out = spec.commandLine().getOut();
    if (json) {
      out.println(result);
    } else {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("RECIPIENT", "OUTCOME"));
      deliveries.forEach(
          one -> rows.add(List.of(one.path("client").asText(), one.path("outcome").asText())));
      out.println(Table.of(rows));
    }
    for (JsonNode delivery : deliveries) {
      if (GOT_IT.contains(delivery.path("outcome").asText())) {
        return 0;
      }
    }
    return 1;
  }
}
