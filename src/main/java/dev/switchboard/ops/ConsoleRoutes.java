package dev.switchboard.ops;

import dev.switchboard.config.GatewayConfig;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;

/// The console: a page with live numbers and a playground, and the numbers themselves.
///
/// The page loads nothing from elsewhere and runs no inline code; its policy says so, and lets it
/// connect only to this node and to its client port.
public final class ConsoleRoutes {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+]");

  private final GatewayConfig config;
  private final ConsoleStats stats;
  private final IntSupplier clientPort;

  /// @param clientPort the client port in use, known only once it listens
  public ConsoleRoutes(GatewayConfig config, ConsoleStats stats, IntSupplier clientPort) {
    this.config = config;
    this.stats = stats;
    this.clientPort = clientPort;
  }

  /// Adds the routes to a server.
  public void mount(Router router) {
    if (!config.internal().console()) {
      return;
    }
    router.get("/console/stats").handler(this::onStats);
    router.get("/").handler(call -> call.reroute("/console/index.html"));
    router
        .get("/console/*")
        .handler(this::secure)
        .handler(StaticHandler.create("console").setIncludeHidden(false));
  }

  private void onStats(RoutingContext call) {
    stats
        .collect()
        .onSuccess(
            json -> {
              json.put("client_url", clientUrl(hostOf(call)));
              call.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
              call.json(json);
            })
        .onFailure(call::fail);
  }

  private void secure(RoutingContext call) {
    String authority = hostOf(call) + ":" + clientPort.getAsInt();
    String sockets = "ws://" + authority + " wss://" + authority;
    call.response()
        .putHeader(
            "content-security-policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                + "connect-src 'self' "
                + sockets
                + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("referrer-policy", "no-referrer");
    call.next();
  }

  private String clientUrl(String host) {
    String scheme = config.tls().enabled() ? "wss" : "ws";
    String path = config.http().websocket().path();
    return scheme + "://" + host + ":" + clientPort.getAsInt() + path;
  }

  /// The host the page was asked for, so that the playground works from another machine too.
  private static String hostOf(RoutingContext call) {
    var authority = call.request().authority();
    String host = authority == null ? "localhost" : authority.host();
    return HOST.matcher(host).matches() ? host : "localhost";
  }
}
