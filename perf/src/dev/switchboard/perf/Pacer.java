package dev.switchboard.perf;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/// An open loop: messages go out when they are due, whatever has come back.
///
/// It spins, because a selector sleeps in milliseconds; so it wants a core of its own.
final class Pacer {
  private static final double NANOS_PER_SECOND = 1e9;

  /// Overdue messages that are sent before anything is read again.
  private static final int BURST = 16;

  private final CrossingClient client;
  private final double intervalNanos;
  private final String payload;
  private final long start = System.nanoTime();
  private long sent;

  Pacer(CrossingClient client, int perSecond, String payload) {
    this.client = client;
    this.intervalNanos = NANOS_PER_SECOND / perSecond;
    this.payload = payload;
  }

  /// Goes on for so long.
  void runFor(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    runUntil(() -> System.nanoTime() - end >= 0);
  }

  /// Goes on until `condition` holds.
  void runUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      for (int i = 0; i < BURST && System.nanoTime() - due() >= 0; i++) {
        client.send(payload, due());
        sent++;
      }
      client.spin();
    }
  }

  private long due() {
    return start + (long) (sent * intervalNanos);
  }
}
