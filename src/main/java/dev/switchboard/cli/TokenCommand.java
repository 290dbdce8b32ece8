package dev.switchboard.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.switchboard.config.ConfigException;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.ValueText;
import dev.switchboard.token.TokenSigner;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `token`: signs a token with the configured secret, for trying things out and for operators.
@Command(
    name = "token",
    description = {
      "Prints a signed token to connect with.",
      "With --channel, one to subscribe with. Keep it secret: its holder is that user.",
    },
    footer = {
      "%nExamples:",
      "  switchboard token --user alice",
      "  switchboard token --user alice --ttl 15m --info '{\"name\":\"Alice\"}'",
      "  switchboard token --user alice --channel secret-room",
    })
public final class TokenCommand implements Callable<Integer> {
  private final ConfigSource source;

  @Spec private CommandSpec spec;

  @Option(
      names = "--user",
      required = true,
      paramLabel = "ID",
      description = "User the token is for; '' is the anonymous user.")
  private String user;

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      defaultValue = "1h",
      description = "How long it is good, such as 30s, 15m, 1h or 7d; default: ${DEFAULT-VALUE}.")
  private String ttl;

  @Option(
      names = "--channel",
      paramLabel = "NAME",
      description = "Make a subscription token for this channel.")
  private String channel;

  @Option(
      names = "--info",
      paramLabel = "JSON",
      description = "What others see beside the user id; - reads it from stdin.")
  private String info;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Configuration with the secret; default: $$SWITCHBOARD_CONFIG, else"
              + " .switchboard/dev.yaml.")
  private Path config;

  @Option(names = "--json", description = "Print token, user and expiry as JSON.")
  private boolean json;

  /// @param source where the secret comes from
  public TokenCommand(ConfigSource source) {
    this.source = source;
  }

  @Override
  public Integer call() throws ConfigException {
    Duration good =
        ValueText.duration(ttl)
            .filter(Duration::isPositive)
            .orElseThrow(
                () -> wrong("--ttl is \"" + ttl + "\"; allowed is a time such as 15m, 1h or 7d"));
    if (channel != null && channel.isEmpty()) {
      throw wrong("--channel is empty; allowed is the name of a channel");
    }
    var claims = new JsonObject();
    if (channel != null) {
      claims.put("channel", channel);
    }
    if (info != null) {
      var value = JsonArgument.read(spec.commandLine(), info, System.in);
      claims.put("info", Json.decodeValue(value.rawValue().toString()));
    }
    Instant expiry = Instant.now().plus(good);
    String token = sign(keys(source.load(config).config()), good, claims);
    var out = spec.commandLine().getOut();
    if (json) {
      out.println(
          JsonNodeFactory.instance
              .objectNode()
              .put("token", token)
              .put("user", user)
              .put("expires_at", expiry.getEpochSecond()));
    } else {
      out.println(token);
    }
    return 0;
  }

  private GatewayConfig.Token keys(GatewayConfig found) {
    return channel != null && found.subscriptionToken().hasKeys()
        ? found.subscriptionToken()
        : found.token();
  }

  private String sign(GatewayConfig.Token keys, Duration good, JsonObject claims)
      throws ConfigException {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
    try {
      return new TokenSigner(vertx, keys, InstantSource.system()).sign(user, good, claims);
    } catch (IllegalArgumentException noSecret) {
      throw new ConfigException(
          List.of(
              "this configuration cannot sign: "
                  + noSecret.getMessage()
                  + "; public keys only verify, the back end that holds the private one signs"));
    } finally {
      vertx.close().await();
    }
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(spec.commandLine(), sentence);
  }
}
