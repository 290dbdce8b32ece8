package dev.switchboard.simulation;

import java.util.ArrayDeque;
import java.util.Queue;

/// A thread of a node: does its tasks in the order they were posted, nothing while it sleeps.
final class Lane {
  private final Timeline time;
  private final SimNode node;
  private final Queue<Runnable> held = new ArrayDeque<>();
  private long last;
  private boolean asleep;

  Lane(Timeline time, SimNode node) {
    this.time = time;
    this.node = node;
  }

  void post(long delay, Runnable task) {
    last = Math.max(time.now() + delay, last + 1);
    time.at(last, () -> run(task));
  }

  private void run(Runnable task) {
    if (asleep) {
      held.add(task);
    } else if (node.alive()) {
      task.run();
    }
  }

  void sleep() {
    asleep = true;
  }

  /// Wakes after `delay`, first doing all that waited.
  void wake(long delay) {
    time.after(
        delay,
        () -> {
          if (node.paused()) {
            return;
          }
          asleep = false;
          while (!held.isEmpty() && node.alive()) {
            held.remove().run();
          }
        });
  }
}
