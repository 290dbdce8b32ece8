package dev.switchboard.wire;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// Work that may wait, a slice of it in each turn of the event loop: when thousands go at once,
/// messages for those who stay still leave in between. Confined to that loop.
final class Slices {
  // Longer than a turn takes otherwise, so that going around costs little; nobody notices it.
  private static final long SLICE_NANOS = 500_000;
  private static final int ENOUGH = 64;

  private final EventLoop loop;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean scheduled;

  Slices(EventLoop loop) {
    this.loop = loop;
  }

  /// Does `work` soon, but not now, in the order in which it was added.
  ///
  /// @throws RejectedExecutionException when the loop has ended
  void add(Runnable work) {
    if (!scheduled) {
      loop.execute(this::next);
      scheduled = true;
    }
    waiting.add(work);
  }

  /// Whether a slice or two are waiting, so that what can come again need not be added.
  boolean areEnough() {
    return waiting.size() >= ENOUGH;
  }

  /// Does `work` after the loop's next look at its connections; only on that loop.
  ///
  /// What is executed runs before that look, and so does what another thread schedules when its
  /// time has come; a timer that the loop sets itself runs after it.
  static void inNextTurn(EventLoop loop, Runnable work) {
    var _ = loop.schedule(work, 1, TimeUnit.NANOSECONDS);
  }

  private void next() {
    scheduled = false;
    long begun = System.nanoTime();
    try {
      while (!waiting.isEmpty() && System.nanoTime() - begun < SLICE_NANOS) {
        waiting.remove().run();
      }
    } finally {
      if (!waiting.isEmpty() && !scheduled) {
        scheduled = true;
        inNextTurn(loop, this::next);
      }
    }
  }
}
