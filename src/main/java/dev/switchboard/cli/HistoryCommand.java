package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.config.ConfigException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// A command about the stream of one channel: what is kept of it, or nothing any more.
public abstract sealed class HistoryCommand implements Callable<Integer> {
  private final ConfigSource source;
  private final String method;

  @Spec private CommandSpec spec;
  @Mixin private ApiOptions api;

  @Option(names = "--json", description = "Print the node's answer as JSON.")
  private boolean json;

  @Parameters(index = "0", paramLabel = "CHANNEL", description = "Channel, such as demo.")
  private String channel;

  private HistoryCommand(ConfigSource source, String method) {
    this.source = source;
    this.method = method;
  }

  /// Adds what the method needs beside the channel.
  abstract void fill(ObjectNode parameters);

  /// What it answered, for people.
  abstract String text(JsonNode result);

  @Override
  public Integer call() throws ConfigException {
    ObjectNode parameters = JsonNodeFactory.instance.objectNode().put("channel", channel);
    fill(parameters);
    JsonNode result = api.client(source).call(method, parameters);
    spec.commandLine().getOut().println(json ? result.toString() : text(result));
    return 0;
  }

  final String channel() {
    return channel;
  }

  final ParameterException wrong(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }

  /// `history`: a page of a stream.
  @Command(
      name = "history",
      description = {
        "Shows what is kept of a channel's stream, and where the stream ends.",
        "For the next page pass the last offset, or the first one seen with --reverse, as --since.",
      },
      footer = {
        "%nExamples:",
        "  switchboard history news",
        "  switchboard history news --reverse --limit 1",
        "  switchboard history news --since 1200 --epoch dTkq3Xb9 --json",
      })
  public static final class Show extends HistoryCommand {
    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "100",
        description = "So many at most, 0 for where it ends alone; default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
        names = "--since",
        paramLabel = "OFFSET",
        description = "Only what comes after it; with --reverse, what comes before it.")
    private Long since;

    @Option(
        names = "--epoch",
        paramLabel = "EPOCH",
        description = "Fail when the stream has another epoch; goes with --since.")
    private String epoch;

    @Option(names = "--reverse", description = "Newest first.")
    private boolean reverse;

    /// @param source where the node's address and key come from
    public Show(ConfigSource source) {
      super(source, "history");
    }

    @Override
    void fill(ObjectNode parameters) {
      if (limit < 0) {
        throw wrong("--limit is " + limit + "; allowed is 0 or more");
      }
      if (epoch != null && since == null) {
        throw wrong("--epoch says which stream --since is of; name both");
      }
      parameters.put("limit", limit).put("reverse", reverse);
      if (since != null) {
        ObjectNode position = parameters.putObject("since").put("offset", since);
        if (epoch != null) {
          position.put("epoch", epoch);
        }
      }
    }

    @Override
    String text(JsonNode result) {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("OFFSET", "PUBLISHED", "DATA"));
      for (JsonNode publication : result.path("publications")) {
        rows.add(
            List.of(
                publication.path("offset").asText(),
                Instant.ofEpochMilli(publication.path("time").asLong()).toString(),
                data(publication)));
      }
      return "%s\nends at offset %s, epoch %s"
          .formatted(Table.of(rows), result.path("offset").asText(), result.path("epoch").asText());
    }

    private static String data(JsonNode publication) {
      return publication.has("data")
          ? publication.get("data").toString()
          : "base64 " + publication.path("b64data").asText();
    }
  }

  /// `history-remove`: forgets what is kept of a stream.
  @Command(
      name = "history-remove",
      description = {
        "Forgets all that is kept of a channel's stream.",
        "Its epoch and offset go on; who comes back to an older offset does not recover.",
      },
      footer = {
        "%nExamples:",
        "  switchboard history-remove news",
      })
  public static final class Remove extends HistoryCommand {
    /// @param source where the node's address and key come from
    public Remove(ConfigSource source) {
      super(source, "history_remove");
    }

    @Override
    void fill(ObjectNode parameters) {}

    @Override
    String text(JsonNode result) {
      return "nothing is kept of " + channel() + " any more";
    }
  }
}
