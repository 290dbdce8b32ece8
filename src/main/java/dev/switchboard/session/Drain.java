package dev.switchboard.session;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/// The order and the times in which those who are here must go, spread evenly over a period.
///
/// Each gets an equal part of the period and a random moment within it, in random order: so their
/// clients come to the other nodes one after the other, and not in the order in which they once
/// came here. Confined to one event loop.
///
/// @param <T> who must go
public final class Drain<T> {
  private final List<T> order;
  private final RandomGenerator random;
  private final long startedAt;
  private final long periodNanos;
  private int gone;
  private double next;

  /// @param all those who are here now
  /// @param startedAt monotonic nanoseconds
  /// @param periodNanos over which they go; 0 is at once
  public Drain(Collection<T> all, long startedAt, long periodNanos, RandomGenerator random) {
    this.order = new ArrayList<>(all);
    this.random = random;
    this.startedAt = startedAt;
    this.periodNanos = periodNanos;
    Collections.shuffle(order, random);
    this.next = random.nextDouble();
  }

  /// Those whose moment has come since the last call; all that are left when the period is over.
  ///
  /// @param now monotonic nanoseconds
  public List<T> due(long now) {
    long elapsed = now - startedAt;
    int from = gone;
    // In parts of the period: the one of number n goes at a random moment of the nth part.
    double passed = (double) elapsed / periodNanos * order.size();
    while (gone < order.size() && (elapsed >= periodNanos || next <= passed)) {
      gone++;
      next = gone + random.nextDouble();
    }
    return order.subList(from, gone);
  }
}
