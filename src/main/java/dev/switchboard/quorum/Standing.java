package dev.switchboard.quorum;

import java.util.List;
import java.util.Optional;

/// What a node knows of the roster at one moment. Immutable.
///
/// @param roster none while the node is new
/// @param quorum whether a majority of its voters is there and was heard lately
public record Standing(Optional<Roster> roster, boolean quorum) {
  /// Of a node that knows nothing yet.
  public static final Standing NONE = new Standing(Optional.empty(), false);

  /// Of a node that is in no cluster: it agrees with itself.
  public static Standing alone(long incarnation) {
    var seat = new Seat(incarnation, incarnation, 1, true);
    return new Standing(Optional.of(new Roster(incarnation, 1, List.of(seat))), true);
  }
}
