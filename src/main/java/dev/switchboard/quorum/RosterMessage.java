package dev.switchboard.quorum;

import java.util.Optional;

/// What nodes say to each other to agree on a [Roster].
///
/// They may be lost, doubled and late. A change is one round of Paxos among the voters of the
/// roster before it.
public sealed interface RosterMessage {
  /// What a node is and knows; said to all when it changes, and now and then.
  ///
  /// @param roster the newest it knows to be decided; none while it is new
  /// @param leaving whether it announced its leave
  record State(long voter, Optional<Roster> roster, boolean leaving) implements RosterMessage {}

  /// Asks the voters of a roster what they accepted to follow it.
  ///
  /// @param base the roster that is to be followed; decided
  record Prepare(Roster base, Ballot ballot) implements RosterMessage {}

  /// A voter will accept nothing of an earlier ballot.
  ///
  /// @param version of the roster that is to be followed
  /// @param acceptedAt the ballot of what it accepted, [Ballot#NONE] when it did not
  record Promise(
      long voter,
      long lineage,
      long version,
      Ballot ballot,
      Ballot acceptedAt,
      Optional<Roster> accepted)
      implements RosterMessage {}

  /// Asks voters to accept a roster as the next one.
  record Accept(Ballot ballot, Roster next) implements RosterMessage {}

  /// A voter accepted; a majority of such is a decision.
  ///
  /// @param version of the roster that was accepted
  record Accepted(long voter, long lineage, long version, Ballot ballot) implements RosterMessage {}

  /// A voter promised a later ballot already.
  record Outbid(Ballot promised) implements RosterMessage {}
}
