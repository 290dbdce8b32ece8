package dev.switchboard.backend;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Leaves a back end alone for a while that failed several times in a row, and then lets one call
/// through to see whether it is well. Safe on any thread.
final class Breaker {
  private final int failuresMax;
  private final long pauseNanos;
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicLong restsUntil = new AtomicLong();

  /// @param failuresMax in a row before it rests
  Breaker(int failuresMax, long pauseNanos) {
    this.failuresMax = failuresMax;
    this.pauseNanos = pauseNanos;
  }

  /// Whether a call may go through.
  ///
  /// @param now from `System.nanoTime()`
  boolean lets(long now) {
    if (failures.get() < failuresMax) {
      return true;
    }
    long until = restsUntil.get();
    // Whoever moves the time on is the one who tries.
    return now - until >= 0 && restsUntil.compareAndSet(until, now + pauseNanos);
  }

  void succeeded() {
    failures.set(0);
  }

  void failed(long now) {
    if (failures.incrementAndGet() == failuresMax) {
      restsUntil.set(now + pauseNanos);
    }
  }
}
