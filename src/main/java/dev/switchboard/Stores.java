package dev.switchboard;

import dev.switchboard.cluster.Membership;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.events.Registrar;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.metrics.StreamMeters;
import dev.switchboard.routing.MessageRouter;
import dev.switchboard.routing.NodeIdentity;
import dev.switchboard.routing.PeerVerticle;
import dev.switchboard.store.ShardedStreams;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Builds what a node keeps: streams and lifecycle events, each on an event loop of its own.
record Stores(
    GatewayConfig config,
    Vertx vertx,
    MessageRouter router,
    GatewayMetrics metrics,
    InstantSource wallClock) {
  private static final Duration TICK = Duration.ofMillis(250);

  /// The streams; opened early, as this node's member owns some as soon as it is one.
  ShardedStreams streams(Optional<Membership> membership, Optional<PeerVerticle> peers) {
    Context loop = ((VertxInternal) vertx).createEventLoopContext();
    StreamMeters meters = metrics.streams();
    var world =
        peers
            .map(
                others ->
                    new ShardedStreams.World(
                        loop, wallClock, others::standing, others::ask, meters))
            .orElseGet(() -> ShardedStreams.World.alone(loop, wallClock, meters));
    var streams = ShardedStreams.open(config, membership, world);
    router.release(streams::giveUp);
    loop.runOnContext(_ -> vertx.setPeriodic(TICK.toMillis(), _ -> streams.onTick()));
    return streams;
  }

  /// Lifecycle events.
  ///
  /// @param members the incarnations of all nodes that are there
  Registrar events(ShardedStreams streams, Supplier<Set<Long>> members, NodeIdentity identity) {
    Context loop = ((VertxInternal) vertx).createEventLoopContext();
    var world =
        new Registrar.World(
            config,
            streams,
            streams,
            router,
            members,
            wallClock,
            identity::incarnation,
            metrics.events());
    var told = new Registrar(loop, world);
    loop.runOnContext(_ -> vertx.setPeriodic(TICK.toMillis(), _ -> told.onTick()));
    return told;
  }
}
