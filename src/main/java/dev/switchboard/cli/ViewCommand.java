package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.config.ConfigException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// A command that shows what there is, as a table or as JSON.
public abstract sealed class ViewCommand implements Callable<Integer> {
  private final ConfigSource source;

  @Spec private CommandSpec spec;
  @Mixin private ApiOptions api;

  @Option(names = "--json", description = "Print the node's answer as JSON.")
  private boolean json;

  private ViewCommand(ConfigSource source) {
    this.source = source;
  }

  /// What the method needs.
  abstract ObjectNode parameters();

  /// Headings and rows of what it answered.
  abstract List<List<String>> rows(JsonNode result);

  @Override
  public Integer call() throws ConfigException {
    // The API's methods have the names of the commands.
    JsonNode result = api.client(source).call(spec.name(), parameters());
    spec.commandLine().getOut().println(json ? result.toString() : Table.of(rows(result)));
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

  /// `info`: the nodes of the cluster and what they hold.
  @Command(
      name = "info",
      description = "Shows the nodes and what each of them holds.",
      footer = {
        "%nExamples:",
        "  switchboard info",
        "  switchboard info --json --api http://10.0.0.7:9000 --key KEY",
      })
  public static final class Nodes extends ViewCommand {
    private static final List<String> HEADINGS =
        List.of("NAME", "UID", "VERSION", "CLIENTS", "USERS", "CHANNELS", "SUBS", "UPTIME");
    private static final List<String> COUNTS =
        List.of("name", "uid", "version", "num_clients", "num_users", "num_channels", "num_subs");

    /// @param source where the node's address and key come from
    public Nodes(ConfigSource source) {
      super(source);
    }

    @Override
    ObjectNode parameters() {
      return JsonNodeFactory.instance.objectNode();
    }

    @Override
    List<List<String>> rows(JsonNode result) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(HEADINGS);
      for (JsonNode node : result.path("nodes")) {
        List<String> row = new ArrayList<>();
        COUNTS.forEach(name -> row.add(node.path(name).asText()));
        row.add(uptime(Duration.ofSeconds(node.path("uptime").asLong())));
        rows.add(row);
      }
      return rows;
    }
  }

  /// `channels`: the channels somebody subscribes to.
  @Command(
      name = "channels",
      description = "Shows the channels with subscribers, on all nodes.",
      footer = {
        "%nExamples:",
        "  switchboard channels",
        "  switchboard channels 'news.*' --json",
      })
  public static final class Channels extends ViewCommand {
    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "PATTERN",
        defaultValue = "",
        description = "Whole names, * for any characters, ? for one; default: all.")
    private String pattern;

    /// @param source where the node's address and key come from
    public Channels(ConfigSource source) {
      super(source);
    }

    @Override
    ObjectNode parameters() {
      return JsonNodeFactory.instance.objectNode().put("pattern", pattern);
    }

    @Override
    List<List<String>> rows(JsonNode result) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("CHANNEL", "CLIENTS"));
      result.path("channels").properties().stream()
          .map(one -> List.of(one.getKey(), one.getValue().path("num_clients").asText()))
          .sorted((one, other) -> one.getFirst().compareTo(other.getFirst()))
          .forEach(rows::add);
      return rows;
    }
  }

  /// `users`: whether users are there.
  @Command(
      name = "users",
      description = {
        "Shows whether users are online on any node, or when they were last seen.",
        "Needs events.enabled."
      },
      footer = {
        "%nExamples:",
        "  switchboard users alice bob",
        "  switchboard users alice --json",
      })
  public static final class Users extends ViewCommand {
    @Parameters(index = "0", arity = "1..*", paramLabel = "USER", description = "Ids of users.")
    private List<String> users;

    /// @param source where the node's address and key come from
    public Users(ConfigSource source) {
      super(source);
    }

    @Override
    ObjectNode parameters() {
      ObjectNode parameters = JsonNodeFactory.instance.objectNode();
      users.forEach(parameters.putArray("users")::add);
      return parameters;
    }

    @Override
    List<List<String>> rows(JsonNode result) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("USER", "ONLINE", "CONNECTIONS", "LAST SEEN"));
      for (JsonNode user : result.path("users")) {
        rows.add(
            List.of(
                user.path("user").asText(),
                user.path("online").asBoolean() ? "yes" : "no",
                user.path("connections").asText(),
                user.has("last_seen")
                    ? Instant.ofEpochMilli(user.path("last_seen").asLong()).toString()
                    : "-"));
      }
      return rows;
    }
  }
}
