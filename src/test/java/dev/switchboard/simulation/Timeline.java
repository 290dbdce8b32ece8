package dev.switchboard.simulation;

import java.util.PriorityQueue;

/// Virtual time in nanoseconds: what happens next, on all nodes.
///
/// What is due at the same time comes in an order that the seed decides.
final class Timeline {
  static final long MICRO = 1_000;
  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000_000_000;

  private final PriorityQueue<Due> queue = new PriorityQueue<>();
  private final Chance chance;
  private long now;
  private long steps;
  private long serial;

  Timeline(Chance chance) {
    this.chance = chance;
  }

  private record Due(long at, int tie, long serial, Runnable task) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(at, other.at);
      int byTie = byTime != 0 ? byTime : Integer.compare(tie, other.tie);
      return byTie != 0 ? byTie : Long.compare(serial, other.serial);
    }
  }

  long now() {
    return now;
  }

  long steps() {
    return steps;
  }

  void at(long time, Runnable task) {
    queue.add(new Due(Math.max(time, now), chance.below(1 << 16), serial++, task));
  }

  void after(long delay, Runnable task) {
    at(now + delay, task);
  }

  /// Lets time pass.
  void runUntil(long end) {
    while (!queue.isEmpty() && queue.peek().at <= end) {
      Due next = queue.remove();
      now = next.at;
      steps++;
      next.task.run();
    }
    now = Math.max(now, end);
  }
}
