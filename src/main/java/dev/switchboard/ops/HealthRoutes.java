package dev.switchboard.ops;

import dev.switchboard.cluster.NodeHealth;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/// `/live`, `/ready`, `/health` and `/metrics`.
public final class HealthRoutes {
  private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_FORMAT =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private final NodeHealth health;
  private final Optional<PrometheusMeterRegistry> registry;

  /// @param registry what `/metrics` shows; empty when it is not served
  public HealthRoutes(NodeHealth health, Optional<PrometheusMeterRegistry> registry) {
    this.health = health;
    this.registry = registry;
  }

  /// Adds the routes to a server.
  public void mount(Router router) {
    router.get("/live").handler(call -> answer(call, health.live()));
    router.get("/ready").handler(call -> answer(call, health.ready()));
    router.get("/health").handler(call -> call.json(new JsonObject()));
    registry.ifPresent(
        meters -> router.get("/metrics").blockingHandler(call -> onScrape(call, meters), false));
  }

  private void answer(RoutingContext call, boolean well) {
    call.response().setStatusCode(well ? 200 : 503);
    call.json(
        new JsonObject()
            .put("state", health.state().label())
            .put("stuck_loops", health.stuckLoops()));
  }

  private static void onScrape(RoutingContext call, PrometheusMeterRegistry meters) {
    String accepted = call.request().getHeader("accept");
    boolean open = accepted != null && accepted.contains("application/openmetrics-text");
    String format = open ? OPEN_FORMAT : TEXT_FORMAT;
    call.response().putHeader("content-type", format).end(meters.scrape(format));
  }
}
