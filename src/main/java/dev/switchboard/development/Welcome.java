package dev.switchboard.development;

import dev.switchboard.config.GatewayConfig;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// What a developer sees once a node is ready: where it is and how to try it. Immutable.
///
/// It shows keys on purpose, those of a machine nobody else reaches, and never goes to the log.
///
/// @param ports the ports in use
/// @param token a token that is good for a while
public record Welcome(GatewayConfig config, PortPair ports, String token) {
  /// The user of development tokens.
  public static final String USER = "dev";

  /// Days a development token is good for.
  public static final int TOKEN_DAYS = 7;

  private static final String CHANNEL = "demo";
  private static final String RULE = "-".repeat(78);

  /// The block to print, with a line end at its end.
  public String text() {
    String scheme = config.tls().enabled() ? "wss" : "ws";
    String web = config.tls().enabled() && ports.client() == ports.internal() ? "https" : "http";
    String clients =
        "%s://127.0.0.1:%d%s".formatted(scheme, ports.client(), config.http().websocket().path());
    String internal = "%s://127.0.0.1:%d".formatted(web, ports.internal());
    return """
    %1$s
      Switchboard is ready. Development keys, this machine only.

      Client URL   %2$s
      Console      %3$s/#token=%4$s&channel=%5$s
      API URL      %3$s/api
      API key      %6$s
      Token        %7$s
                   (user "%8$s", good for %9$d days; more: scripts/switchboard token --user ID)

      Publish to whoever is subscribed to "%5$s":
      curl --header 'X-API-Key: %6$s' \
    --data '{"channel":"%5$s","data":{"text":"hello"}}' %3$s/api/publish

      Stop with Ctrl-C.
    %1$s
    """
        .formatted(
            RULE,
            clients,
            internal,
            URLEncoder.encode(token, StandardCharsets.UTF_8),
            CHANNEL,
            config.api().key().reveal(),
            token,
            USER,
            TOKEN_DAYS);
  }
}
