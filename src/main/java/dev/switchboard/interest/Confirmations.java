package dev.switchboard.interest;

import java.util.ArrayDeque;
import java.util.Queue;

/// Who waits until the peers know of its claim. Owned by the peer loop.
///
/// A queue: versions only grow, so whoever came first is confirmed first.
public final class Confirmations {
  private final Queue<Waiting> queue = new ArrayDeque<>();
  private long floor;
  private boolean running;

  /// One claim.
  private record Waiting(long version, Runnable confirmed) {}

  /// For a [LocalInterest] at version 0.
  public Confirmations() {}

  /// Runs `confirmed` in the first [#advance] to `version` or beyond, never at once.
  ///
  /// @param version from [LocalInterest#claimVersion]; not lower than that of an earlier one
  public void await(long version, Runnable confirmed) {
    queue.add(new Waiting(version, confirmed));
  }

  /// Confirms, in their order, all that wait for `floor` or less. To be called at the end of every
  /// turn, as a claim may wait for a version that everybody knows already.
  ///
  /// What runs may call [#await] and this: the inner call only says how far the outer one goes. If
  /// it throws, the others keep waiting for the next call.
  ///
  /// @param floor the version that every peer knows; may fall when a peer joins
  public void advance(long floor) {
    this.floor = floor;
    if (running) {
      return;
    }
    running = true;
    try {
      while (!queue.isEmpty() && queue.peek().version <= this.floor) {
        queue.remove().confirmed.run();
      }
    } finally {
      running = false;
    }
  }

  /// How many wait.
  public int size() {
    return queue.size();
  }
}
