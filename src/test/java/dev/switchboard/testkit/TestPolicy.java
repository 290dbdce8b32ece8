package dev.switchboard.testkit;

import dev.switchboard.config.ConfigException;
import dev.switchboard.config.ConfigLoader;
import dev.switchboard.config.GatewayConfig.Namespace;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What a channel may do, in short, for tests that need no node.
public final class TestPolicy {
  /// Nothing at all.
  public static final Namespace PLAIN = of();

  /// Whoever comes and goes is told to those who ask.
  public static final Namespace ATTENDED = of("presence=true", "join_leave=true");

  private TestPolicy() {}

  /// A namespace with history and what else is named.
  public static Namespace stream(String... options) {
    return of(
        Stream.concat(Stream.of("history_size=10", "history_ttl=1m"), Arrays.stream(options))
            .toArray(String[]::new));
  }

  private static Namespace of(String... options) {
    List<String> overrides =
        Stream.concat(
                Stream.of(
                    "token.hmac_secret=" + TestNode.TOKEN_SECRET,
                    "token.audience=" + TestNode.TOKEN_AUDIENCE),
                Arrays.stream(options).map(option -> "channel.without_namespace." + option))
            .toList();
    try {
      var config = ConfigLoader.load(Optional.empty(), Map.of(), overrides).config();
      return config.channel().withoutNamespace();
    } catch (ConfigException mistakes) {
      throw new IllegalArgumentException(String.join("\n", mistakes.problems()), mistakes);
    }
  }
}
