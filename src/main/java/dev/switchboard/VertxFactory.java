package dev.switchboard;

import dev.switchboard.cluster.ClusterEntrance;
import dev.switchboard.cluster.Membership;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.NodeConfig;
import dev.switchboard.config.StartException;
import dev.switchboard.store.StoreSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.transport.Transport;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Makes the node's Vert.x: its threads, its transport, its own meters.
final class VertxFactory {
  // The heartbeat, the peers, the internal port and the public bus must not share a loop with
  // clients.
  private static final int LOOPS_BESIDE_SOCKETS = 4;

  private VertxFactory() {}

  /// @param transport name of the transport in use
  /// @param membership who else is in the cluster; empty for a node that joined none
  record Built(Vertx vertx, String transport, Optional<Membership> membership) {}

  /// How many WebSocket verticles a node runs.
  static int eventLoops(GatewayConfig config) {
    int configured = config.node().eventLoops();
    int loops = configured > 0 ? configured : Runtime.getRuntime().availableProcessors();
    return config.cluster().enabled() ? Math.min(loops, GatewayConfig.CLUSTER_LOOPS_MAX) : loops;
  }

  /// Makes it and, when so configured, joins the cluster with it.
  ///
  /// @param name what the node calls itself
  /// @throws StartException when the configured transport cannot be used here
  static Future<Built> build(
      GatewayConfig config, String name, MeterRegistry registry, int eventLoops) {
    Transport transport = transport(config.node().transport());
    var metrics =
        new MicrometerMetricsOptions()
            // Two nodes of one process must not share the registry known by the usual name.
            .setRegistryName(UUID.randomUUID().toString())
            // Without the method, which is any word a stranger writes before a path.
            .setLabels(
                EnumSet.of(Label.HTTP_ROUTE, Label.HTTP_CODE, Label.POOL_TYPE, Label.EB_SIDE))
            .setEnabled(config.metrics().enabled());
    if (config.http().proxyProtocol()) {
      // Vert.x keeps the address that the PROXY protocol said for whoever asks first: its metrics.
      metrics.addDisabledMetricsCategory(MetricsDomain.HTTP_SERVER);
    }
    var options =
        new VertxOptions()
            .setEventLoopPoolSize(eventLoops + LOOPS_BESIDE_SOCKETS)
            .setMetricsOptions(metrics);
    Function<EventBusOptions, VertxBuilder> builders =
        bus ->
            Vertx.builder()
                // Not a copy, which would forget what is special about the metrics' options.
                .with(options.setEventBusOptions(bus))
                .withTransport(transport)
                .withMetrics(new MicrometerMetricsFactory(registry));
    if (!config.cluster().enabled()) {
      Vertx vertx = builders.apply(new EventBusOptions()).build();
      return Future.succeededFuture(new Built(vertx, transport.name(), Optional.empty()));
    }
    return ClusterEntrance.join(config.cluster(), name, StoreSettings::configure, builders)
        .map(
            joined ->
                new Built(joined.vertx(), transport.name(), Optional.of(joined.membership())));
  }

  private static Transport transport(NodeConfig.Transport wanted) {
    return switch (wanted) {
      case AUTO -> usable(Transport.EPOLL) ? Transport.EPOLL : Transport.NIO;
      case EPOLL -> required(Transport.EPOLL, "epoll");
      case IO_URING -> required(Transport.IO_URING, "io_uring");
      case NIO -> Transport.NIO;
    };
  }

  private static Transport required(Transport transport, String name) {
    if (!usable(transport)) {
      String cause =
          transport == null ? "its library is missing" : transport.unavailabilityCause().toString();
      throw StartException.of(
          "node.transport",
          "%s cannot be used on this machine: %s; auto works everywhere".formatted(name, cause),
          transport == null ? null : transport.unavailabilityCause());
    }
    return transport;
  }

  private static boolean usable(Transport transport) {
    return transport != null && transport.available();
  }
}
