package dev.switchboard.quorum;

import java.util.List;
import java.util.Optional;

/// What a node knows of the roster at one moment. Immutable.
///
/// @param voter id of this node's memory of votes, by which copies name it
/// @param roster none while the node is new
/// @param quorum whether a majority of its voters is there and was heard lately
public record Standing(long voter, Optional<Roster> roster, boolean quorum) {
  /// Of a node that knows nothing yet.
  public static final Standing NONE = new Standing(0, Optional.empty(), false);

  /// The voter who sits there in its present stay; none while the roster does not say so.
  public Optional<Long> voter(long incarnation) {
    return roster.flatMap(now -> now.seat(incarnation)).map(Seat::voter);
  }

  /// Of a node that is in no cluster: it agrees with itself.
  public static Standing alone(long incarnation) {
    var seat = new Seat(incarnation, incarnation, 1, true);
    return new Standing(incarnation, Optional.of(new Roster(incarnation, 1, List.of(seat))), true);
  }
}
