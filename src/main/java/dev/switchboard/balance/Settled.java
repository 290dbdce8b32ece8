package dev.switchboard.balance;

import java.util.Set;

/// Whether the same nodes have been serving for a while. Confined to one context.
final class Settled {
  private final long periodNanos;
  private Set<String> known = Set.of();
  private long since;

  /// @param periodNanos for which nothing may change
  /// @param now monotonic nanoseconds
  Settled(long periodNanos, long now) {
    this.periodNanos = periodNanos;
    this.since = now;
  }

  /// Takes in who is there.
  ///
  /// @param serving the nodes that serve
  /// @param all whether there are no others
  /// @return whether they have been the same for the period
  boolean onLook(Set<String> serving, boolean all, long now) {
    if (!all || !serving.equals(known)) {
      known = serving;
      since = now;
    }
    return now - since >= periodNanos;
  }
}
