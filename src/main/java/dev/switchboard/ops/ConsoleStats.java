package dev.switchboard.ops;

import dev.switchboard.cluster.NodeHealth;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.metrics.LoopCounts;
import dev.switchboard.peer.PeerView;
import dev.switchboard.routing.MessageRouter;
import dev.switchboard.routing.NodeIdentity;
import dev.switchboard.routing.NodeView;
import dev.switchboard.routing.RoutesView;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The numbers of the console, taken from the meters and the router. Safe on any thread.
///
/// Only counts: no channel, user or client is named, since whoever reaches the port may read them.
public final class ConsoleStats {
  private static final long PATIENCE_MILLIS = 1_000;

  private final NodeIdentity node;
  private final NodeHealth health;
  private final GatewayMetrics metrics;
  private final MessageRouter router;
  private final Machine machine;

  // What the nodes said last.
  private volatile List<NodeView> heard = List.of();

  /// What does not change while the node runs.
  ///
  /// @param transport name of the socket driver in use
  public record Machine(int cores, String transport, int connectionsMax) {}

  /// @param metrics what is counted on this node
  public ConsoleStats(
      NodeIdentity node,
      NodeHealth health,
      GatewayMetrics metrics,
      MessageRouter router,
      Machine machine) {
    this.node = node;
    this.health = health;
    this.metrics = metrics;
    this.router = router;
    this.machine = machine;
  }

  /// All numbers, as of now; those of nodes as they said last when one of them hangs, which is when
  /// the page is looked at.
  Future<JsonObject> collect() {
    return nodes().compose(nodes -> router.routes().map(routes -> toJson(nodes, routes)));
  }

  private Future<List<NodeView>> nodes() {
    return router
        .info()
        .onSuccess(views -> heard = views)
        .timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
        .recover(
            failure ->
                failure instanceof TimeoutException
                    ? Future.succeededFuture(heard)
                    : Future.failedFuture(failure));
  }

  private JsonObject toJson(List<NodeView> nodes, Optional<RoutesView> routes) {
    JsonObject json = own();
    var views = new JsonArray();
    for (NodeView view : nodes) {
      views.add(toJson(view));
      if (view.uid().equals(node.uid())) {
        json.put("users", view.users()).put("channels", view.channels());
      }
    }
    routes.ifPresent(known -> json.put("links", links(known)));
    return json.put("nodes", views);
  }

  private JsonObject own() {
    var json = new JsonObject();
    json.put("node", node.name());
    json.put("uid", node.uid());
    json.put("version", node.version());
    json.put("state", health.state().name().toLowerCase(Locale.ROOT));
    json.put("uptime_seconds", node.uptimeSeconds());
    json.put("cores", machine.cores());
    json.put("transport", machine.transport());
    json.put("connections", metrics.total(LoopCounts::sockets));
    json.put("connections_max", machine.connectionsMax());
    json.put("unauthenticated", metrics.total(LoopCounts::unauthenticated));
    json.put("subscriptions", metrics.total(LoopCounts::subscriptions));
    addTotals(json);
    addProcess(json);
    json.put("delivery_seconds", quantiles("switchboard.delivery.duration"));
    json.put("ping_rtt_seconds", quantiles("switchboard.ping.rtt"));
    return json;
  }

  private void addTotals(JsonObject json) {
    Map<String, Long> closes = new TreeMap<>();
    for (Counter counter : metrics.registry().find("switchboard.connections.closed").counters()) {
      if (counter.count() > 0) {
        closes.merge(counter.getId().getTag("code"), (long) counter.count(), Long::sum);
      }
    }
    json.put("closes", new JsonObject(new TreeMap<>(closes)));
    json.put("closed_total", closes.values().stream().mapToLong(Long::longValue).sum());
    json.put("opened_total", sum("switchboard.connections.opened"));
    json.put("commands_total", sum("switchboard.commands"));
    json.put("errors_total", sum("switchboard.errors"));
    for (String direction : new String[] {"in", "out"}) {
      String[] tag = {"direction", direction};
      json.put("messages_" + direction + "_total", sum("switchboard.messages", tag));
      json.put("bytes_" + direction + "_total", sum("switchboard.message.bytes", tag));
    }
  }

  private void addProcess(JsonObject json) {
    var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    json.put("heap_used_bytes", heap.getUsed());
    json.put("heap_max_bytes", heap.getMax());
    json.put("descriptors_open", GatewayMetrics.descriptorsOpen());
    json.put("descriptors_max", GatewayMetrics.descriptorsMax());
    var lags = new JsonArray();
    for (long nanos : metrics.lags()) {
      lags.add(nanos / 1e9);
    }
    json.put("loop_lag_seconds", lags);
  }

  private long sum(String name, String... tags) {
    return (long)
        metrics.registry().find(name).tags(tags).counters().stream()
            .mapToDouble(Counter::count)
            .sum();
  }

  /// Median and 99th percentile as upper bounds of buckets; empty before the first value.
  private JsonObject quantiles(String name) {
    var json = new JsonObject();
    Timer timer = metrics.registry().find(name).timer();
    if (timer == null || timer.count() == 0) {
      return json;
    }
    return json.put("p50", quantile(timer, 0.5)).put("p99", quantile(timer, 0.99));
  }

  private static double quantile(Timer timer, double share) {
    double wanted = timer.count() * share;
    for (CountAtBucket bucket : timer.takeSnapshot().histogramCounts()) {
      if (bucket.count() >= wanted) {
        return bucket.bucket(TimeUnit.SECONDS);
      }
    }
    return timer.max(TimeUnit.SECONDS);
  }

  private static JsonObject toJson(NodeView view) {
    return new JsonObject()
        .put("uid", view.uid())
        .put("name", view.name())
        .put("version", view.version())
        .put("connections", view.clients())
        .put("users", view.users())
        .put("channels", view.channels())
        .put("subscriptions", view.subscriptions())
        .put("uptime_seconds", view.uptimeSeconds());
  }

  private static JsonArray links(RoutesView routes) {
    var links = new JsonArray();
    for (PeerView peer : routes.peers()) {
      links.add(
          new JsonObject()
              .put("uid", "%016x".formatted(peer.incarnation()))
              .put("open", peer.open())
              .put("lease_held", peer.leaseHeld())
              .put("lease_granted", peer.leaseGranted())
              .put("interest", peer.interest())
              .put("window_bytes", peer.windowUsed())
              .put("round_trip_seconds", peer.roundTrip().toNanos() / 1e9));
    }
    return links;
  }
}
