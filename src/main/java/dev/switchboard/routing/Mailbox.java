package dev.switchboard.routing;

import io.vertx.core.Context;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/// Work for one event loop, left by any thread; a burst of it wakes the loop once.
///
/// What one thread leaves is done in its order; work that throws keeps none of the rest waiting.
final class Mailbox {
  private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private final Context context;
  private final Runnable afterwards;

  /// @param context of the loop that does the work
  /// @param afterwards run on the loop after each burst
  Mailbox(Context context, Runnable afterwards) {
    this.context = context;
    this.afterwards = afterwards;
  }

  void post(Runnable work) {
    queue.add(work);
    wake();
  }

  private void wake() {
    if (woken.compareAndSet(false, true)) {
      context.runOnContext(_ -> drain());
    }
  }

  private void drain() {
    // Before the queue is read: work left from here on wakes the loop again.
    woken.set(false);
    try {
      for (Runnable work = queue.poll(); work != null; work = queue.poll()) {
        work.run();
      }
    } finally {
      if (!queue.isEmpty()) {
        wake();
      }
      afterwards.run();
    }
  }
}
