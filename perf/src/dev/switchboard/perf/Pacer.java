package dev.switchboard.perf;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// An open loop: messages go out when they are due, whatever has come back.
///
/// A selector sleeps in milliseconds, which is too coarse: it looks again and again, with or
/// without a nap between.
final class Pacer {
  private static final double NANOS_PER_SECOND = 1e9;

  /// Overdue messages that are sent before anything is read again.
  private static final int BURST = 16;

  /// A client so far behind its schedule measures itself.
  private static final long LAG_MAX_NANOS = 15_000_000_000L;

  private final CrossingClient client;
  private final double intervalNanos;
  private final String payload;
  private final long napNanos;
  private final long start = System.nanoTime();
  private Arrivals.Delays lateness = (_, _) -> {};
  private long sent;

  /// @param nap how long it sleeps when nothing is due; zero spins, which wants a core of its own
  Pacer(CrossingClient client, int perSecond, String payload, Duration nap) {
    this.client = client;
    this.intervalNanos = NANOS_PER_SECOND / perSecond;
    this.payload = payload;
    this.napNanos = nap.toNanos();
  }

  /// Has `lateness` told by how much each message left later than it was due: what the client
  /// itself adds to delays.
  void noteLateness(Arrivals.Delays lateness) {
    this.lateness = lateness;
  }

  /// Goes on until all is sent that is due in the time to come.
  void runFor(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    runUntil(() -> due() - end >= 0);
  }

  /// Goes on until `condition` holds.
  void runUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - due() > LAG_MAX_NANOS) {
        throw PerfException.failed("the machine is too slow for this --rate, or not quiet");
      }
      for (int i = 0; i < BURST && System.nanoTime() - due() >= 0; i++) {
        lateness.add(due(), System.nanoTime() - due());
        client.send(payload, due());
        sent++;
      }
      client.spin();
      if (napNanos > 0 && due() - System.nanoTime() > 0) {
        LockSupport.parkNanos(napNanos);
      }
    }
  }

  private long due() {
    return start + (long) (sent * intervalNanos);
  }
}
