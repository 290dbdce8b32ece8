package dev.switchboard.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.IntSupplier;

/// What is measured of a node's place among others: how it is, what it takes, whom it sends on.
///
/// Safe on any thread.
public final class NodeMeters {
  /// Why a session had to connect again, elsewhere.
  public enum Move {
    /// The node leaves.
    DRAIN,
    /// It was connected for `client.age_max`.
    ROTATION,
    /// The node had more sessions than others.
    REBALANCE
  }

  private final MeterRegistry registry;
  private final Counter[] moves = new Counter[Move.values().length];

  /// @param registry where the meters live
  NodeMeters(MeterRegistry registry) {
    this.registry = registry;
    for (Move reason : Move.values()) {
      moves[reason.ordinal()] =
          Counter.builder("switchboard.sessions.moved")
              .description("Sessions closed so that their clients go to other nodes")
              .tag("reason", label(reason))
              .register(registry);
    }
  }

  /// A session was closed so that its client comes to another node.
  public void onMoved(Move reason) {
    moves[reason.ordinal()].increment();
  }

  /// Adds a gauge per state that a node can be in, 1 for the one it is in.
  ///
  /// @param states all there are
  /// @param state ordinal of the one it is in
  public <E extends Enum<E>> void registerState(E[] states, IntSupplier state) {
    for (E each : states) {
      Gauge.builder("switchboard.node.state", () -> state.getAsInt() == each.ordinal() ? 1 : 0)
          .description("Where the node is in its life")
          .tag("state", label(each))
          .register(registry);
    }
  }

  /// Adds how many event loops do not answer.
  public void registerStuckLoops(IntSupplier count) {
    Gauge.builder("switchboard.stuck.loops", count::getAsInt)
        .description("Event loops that have not answered a beat in time")
        .register(registry);
  }

  /// Adds the most sockets that the node takes.
  public void registerConnectionsMax(int most) {
    Gauge.builder("switchboard.connections.max", () -> most)
        .description("Sockets this node takes")
        .register(registry);
  }

  private static String label(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
