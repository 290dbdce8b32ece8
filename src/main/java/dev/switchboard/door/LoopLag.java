package dev.switchboard.door;

import java.time.Duration;

/// Whether an event loop is too late to take more sockets on. Confined to that loop.
///
/// The mean of some two seconds, so that one long collection closes no door.
public final class LoopLag {
  private static final int BEATS = 8;

  private final long mostNanos;
  private long meanNanos;

  /// @param most `node.loop_lag_max`; 0 for any
  public LoopLag(Duration most) {
    this.mostNanos = most.toNanos();
  }

  /// A beat was taken up.
  ///
  /// @param nanos how late
  public void onTick(long nanos) {
    meanNanos += (nanos - meanNanos) / BEATS;
  }

  /// Whether new sockets should go elsewhere.
  public boolean isTooLong() {
    return mostNanos != 0 && meanNanos > mostNanos;
  }
}
