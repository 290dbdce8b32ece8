package dev.switchboard.quorum;

import java.util.Comparator;

/// The number of one attempt to agree; no two attempts share one.
///
/// @param number grows with every attempt
/// @param proposer the voter who tries
public record Ballot(long number, long proposer) implements Comparable<Ballot> {
  /// Before all others.
  public static final Ballot NONE = new Ballot(0, 0);

  private static final Comparator<Ballot> ORDER =
      Comparator.comparingLong(Ballot::number).thenComparingLong(Ballot::proposer);

  @Override
  public int compareTo(Ballot other) {
    return ORDER.compare(this, other);
  }
}
