package dev.switchboard.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// The system's wall clock, set forward or back by as much as a test likes.
///
/// Safe on any thread.
public final class TestClock implements InstantSource {
  private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

  /// Moves the clock from what it shows now.
  ///
  /// @param by negative for back
  public void jump(Duration by) {
    offset.updateAndGet(before -> before.plus(by));
  }

  @Override
  public Instant instant() {
    return InstantSource.system().instant().plus(offset.get());
  }
}
