package dev.switchboard.quorum;

import java.util.Optional;

/// The node around an [Electorate]. Called on the loop that calls the electorate.
public interface ElectorateHost {
  /// Sends a message to a member; it may be lost.
  void send(long incarnation, RosterMessage message);

  /// Another roster is in force: what copies may be used has to be asked anew.
  ///
  /// @param roster none when this node gave up its lineage
  void onRoster(Optional<Roster> roster);
}
