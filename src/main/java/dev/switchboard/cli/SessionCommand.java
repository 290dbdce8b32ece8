package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.config.ConfigException;
import dev.switchboard.config.ValueText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// A command about one session, or all sessions of a user; says for each what became of it.
///
/// Exits with 0 when one of them at least was told, or needed nothing.
public abstract sealed class SessionCommand implements Callable<Integer> {
  private static final Set<String> TOLD = Set.of("written", "acked", "queued");
  private static final Set<String> NOTHING_TO_DO =
      Set.of("already_subscribed", "not_subscribed", "spared");

  private final ConfigSource source;

  @Spec private CommandSpec spec;
  @Mixin private ApiOptions api;

  @ArgGroup(multiplicity = "1")
  private Recipient recipient;

  @Option(names = "--json", description = "Print the node's answer as JSON.")
  private boolean json;

  private SessionCommand(ConfigSource source) {
    this.source = source;
  }

  /// Exactly one of both.
  private static final class Recipient {
    @Option(names = "--user", paramLabel = "ID", description = "All sessions of this user.")
    private String user;

    @Option(names = "--client", paramLabel = "ID", description = "The session with this id.")
    private String client;
  }

  /// Adds what the method needs beside the recipient.
  abstract void fill(ObjectNode parameters);

  @Override
  public Integer call() throws ConfigException {
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    if (recipient.user != null) {
      parameters.put("user", recipient.user);
    } else {
      parameters.put("client", recipient.client);
    }
    fill(parameters);
    // The API's methods have the names of the commands.
    JsonNode result = api.client(source).call(spec.name(), parameters);
    JsonNode deliveries = result.path("deliveries");
    spec.commandLine().getOut().println(json ? result.toString() : table(deliveries));
    return StreamSupport.stream(deliveries.spliterator(), false).anyMatch(SessionCommand::reached)
        ? 0
        : 1;
  }

  private static boolean reached(JsonNode delivery) {
    return TOLD.contains(delivery.path("outcome").asText())
        || NOTHING_TO_DO.contains(delivery.path("reason").asText());
  }

  private static String table(JsonNode deliveries) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("RECIPIENT", "OUTCOME", "REASON"));
    for (JsonNode delivery : deliveries) {
      rows.add(
          List.of(
              delivery.path("client").asText(),
              delivery.path("outcome").asText(),
              delivery.path("reason").asText()));
    }
    return Table.of(rows);
  }

  final void putJson(ObjectNode parameters, String name, String argument) {
    if (argument != null) {
      parameters.putRawValue(name, JsonArgument.read(spec.commandLine(), argument, System.in));
    }
  }

  final void putExpiry(ObjectNode parameters, String ttl) {
    if (ttl != null) {
      Duration good =
          ValueText.duration(ttl)
              .filter(Duration::isPositive)
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(),
                          "--ttl is \"" + ttl + "\"; allowed is a time such as 15m, 1h or 7d"));
      parameters.put("expire_at", Instant.now().plus(good).getEpochSecond());
    }
  }

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
  public static final class Send extends SessionCommand {
    @Parameters(index = "0", paramLabel = "JSON", description = "The value; - reads it from stdin.")
    private String value;

    /// @param source where the node's address and key come from
    public Send(ConfigSource source) {
      super(source);
    }

    @Override
    void fill(ObjectNode parameters) {
      putJson(parameters, "data", value);
    }
  }

  /// `disconnect`: closes sessions.
  @Command(
      name = "disconnect",
      description = {
        "Closes the sessions of a user, or one session.",
        "Prints what became of each; exits with 1 when nobody was there.",
      },
      footer = {
        "%nExamples:",
        "  switchboard disconnect --user dev",
        "  switchboard disconnect --user dev --code 4500 --reason 'see you tomorrow'",
      })
  public static final class Disconnect extends SessionCommand {
    @Option(
        names = "--code",
        paramLabel = "CODE",
        description =
            "Close code, 3000 to 4999; default: 3503. Clients come back by themselves, but not"
                + " after 3500 to 3999 and 4500 to 4999.")
    private int code;

    @Option(names = "--reason", paramLabel = "TEXT", description = "What the client is told.")
    private String reason;

    @Option(names = "--spare", paramLabel = "ID", description = "Session to leave alone.")
    private List<String> spared = List.of();

    /// @param source where the node's address and key come from
    public Disconnect(ConfigSource source) {
      super(source);
    }

    @Override
    void fill(ObjectNode parameters) {
      ObjectNode how = parameters.putObject("disconnect").put("code", code);
      if (reason != null) {
        how.put("reason", reason);
      }
      spared.forEach(parameters.putArray("whitelist")::add);
    }
  }

  /// `subscribe`: subscribes sessions without their asking.
  @Command(
      name = "subscribe",
      description = {
        "Subscribes the sessions of a user, or one session, to a channel.",
        "Prints what became of each; exits with 1 when nobody was there.",
      },
      footer = {
        "%nExamples:",
        "  switchboard subscribe --user dev news",
        "  switchboard subscribe --user dev news --ttl 1h --data '{\"from\":1}'",
      })
  public static final class Subscribe extends SessionCommand {
    @Parameters(index = "0", paramLabel = "CHANNEL", description = "Channel, such as demo.")
    private String channel;

    @Option(names = "--ttl", paramLabel = "TIME", description = "How long; default: no end.")
    private String ttl;

    @Option(names = "--data", paramLabel = "JSON", description = "What the client is told.")
    private String data;

    @Option(names = "--info", paramLabel = "JSON", description = "What others see of it there.")
    private String info;

    /// @param source where the node's address and key come from
    public Subscribe(ConfigSource source) {
      super(source);
    }

    @Override
    void fill(ObjectNode parameters) {
      parameters.put("channel", channel);
      putExpiry(parameters, ttl);
      putJson(parameters, "data", data);
      putJson(parameters, "info", info);
    }
  }

  /// `unsubscribe`: ends subscriptions of sessions.
  @Command(
      name = "unsubscribe",
      description = {
        "Ends subscriptions of a user's sessions, or of one session.",
        "Prints what became of each; exits with 1 when nobody was there.",
      },
      footer = {
        "%nExamples:",
        "  switchboard unsubscribe --user dev news",
        "  switchboard unsubscribe --user dev",
        "  switchboard unsubscribe --user dev news --code 2502",
      })
  public static final class Unsubscribe extends SessionCommand {
    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "CHANNEL",
        description = "Channel; default: all of them.")
    private String channel;

    @Option(
        names = "--code",
        paramLabel = "CODE",
        description =
            "What the client is told, 2000 to 2999; default: 2000. From 2500 on clients subscribe"
                + " again by themselves.")
    private int code;

    /// @param source where the node's address and key come from
    public Unsubscribe(ConfigSource source) {
      super(source);
    }

    @Override
    void fill(ObjectNode parameters) {
      if (channel != null) {
        parameters.put("channel", channel);
      }
      parameters.put("code", code);
    }
  }

  /// `refresh`: says anew how long sessions are good.
  @Command(
      name = "refresh",
      description = {
        "Says anew how long the sessions of a user, or one session, are good.",
        "Prints what became of each; exits with 1 when nobody was there.",
      },
      footer = {
        "%nExamples:",
        "  switchboard refresh --user dev --ttl 1h",
        "  switchboard refresh --user dev --expired",
      })
  public static final class Refresh extends SessionCommand {
    @ArgGroup(multiplicity = "1")
    private Expiry expiry;

    @Option(names = "--info", paramLabel = "JSON", description = "What others see from now on.")
    private String info;

    /// @param source where the node's address and key come from
    public Refresh(ConfigSource source) {
      super(source);
    }

    /// Exactly one of the three.
    private static final class Expiry {
      @Option(
          names = "--ttl",
          paramLabel = "TIME",
          description = "So long from now, such as 15m, 1h or 7d.")
      private String ttl;

      @Option(names = "--never", description = "For as long as they stay connected.")
      private boolean never;

      @Option(names = "--expired", description = "No more: close them with 3005.")
      private boolean expired;
    }

    @Override
    void fill(ObjectNode parameters) {
      putExpiry(parameters, expiry.ttl);
      parameters.put("expired", expiry.expired);
      putJson(parameters, "info", info);
    }
  }
}
