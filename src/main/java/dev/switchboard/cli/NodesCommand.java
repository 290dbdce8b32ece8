package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.switchboard.config.ConfigException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `info`: the nodes of the cluster and what they hold.
@Command(
    name = "info",
    description = "Shows the nodes and what each of them holds.",
    footer = {
      "%nExamples:",
      "  switchboard info",
      "  switchboard info --json --api http://10.0.0.7:9000 --key KEY",
    })
public final class NodesCommand implements Callable<Integer> {
  private static final List<String> HEADINGS =
      List.of("NAME", "UID", "VERSION", "CLIENTS", "USERS", "CHANNELS", "SUBS", "UPTIME");
  private static final List<String> COUNTS =
      List.of("name", "uid", "version", "num_clients", "num_users", "num_channels", "num_subs");

  private final ConfigSource source;

  @Spec private CommandSpec spec;
  @Mixin private ApiOptions api;

  @Option(names = "--json", description = "Print the node's answer as JSON.")
  private boolean json;

  /// @param source where the node's address and key come from
  public NodesCommand(ConfigSource source) {
    this.source = source;
  }

  @Override
  public Integer call() throws ConfigException {
    JsonNode result = api.client(source).call("info", JsonNodeFactory.instance.objectNode());
    var out = spec.commandLine().getOut();
    if (json) {
      out.println(result);
      return 0;
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADINGS);
    for (JsonNode node : result.path("nodes")) {
      List<String> row = new ArrayList<>();
      COUNTS.forEach(name -> row.add(node.path(name).asText()));
      row.add(uptime(Duration.ofSeconds(node.path("uptime").asLong())));
      rows.add(row);
    }
    out.println(Table.of(rows));
    return 0;
  }

  /// The two greatest units, such as `3d 4h`.
  static String uptime(Duration time) {
    if (time.toDays() > 0) {
      return "%dd %dh".formatted(time.toDays(), time.toHoursPart());
    }
    if (time.toHours() > 0) {
      return "%dh %dm".formatted(time.toHours(), time.toMinutesPart());
    }
    return time.toMinutes() > 0
        ? "%dm %ds".formatted(time.toMinutes(), time.toSecondsPart())
        : time.toSeconds() + "s";
  }
}
