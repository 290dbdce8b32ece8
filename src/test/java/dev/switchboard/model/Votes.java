package dev.switchboard.model;

import dev.switchboard.quorum.Acceptor;
import dev.switchboard.quorum.Ballot;
import dev.switchboard.quorum.Proposal;
import dev.switchboard.quorum.Roster;
import dev.switchboard.quorum.RosterMessage.Promise;
import dev.switchboard.quorum.Seat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The rules of [Acceptor] and [Proposal], or the same with one mistake.
enum Votes {
  /// As they are.
  RIGHT,
  /// More than half of as many as there were is enough, whoever they are.
  SIZE_ONLY,
  /// Who joins believes the member list, and votes.
  JOINER_VOTES,
  /// The new members decide about themselves, however many changed at once.
  TWO_AT_ONCE,
  /// Who proposes does not read first what may be decided already.
  READS_NOTHING,
  /// A process that starts again votes in the name of the one that forgot.
  VOTES_AFTER_RESTART;

  Proposal onPromise(Proposal proposal, Promise promise) {
    return this == READS_NOTHING
        ? proposal.onPromise(
            new Promise(
                promise.voter(),
                promise.lineage(),
                promise.version(),
                promise.ballot(),
                Ballot.NONE,
                Optional.empty()))
        : proposal.onPromise(promise);
  }

  /// Who counts for a proposer that has this roster and wants that one.
  Roster electorate(Roster base, Roster wanted) {
    return switch (this) {
      case RIGHT, READS_NOTHING, VOTES_AFTER_RESTART -> base;
      case TWO_AT_ONCE -> new Roster(base.lineage(), base.version(), wanted.seats());
      case SIZE_ONLY -> {
        List<Seat> padded = union(wanted, base);
        yield new Roster(
            base.lineage(),
            base.version(),
            padded.subList(0, Math.max(wanted.seats().size(), base.seats().size())));
      }
      case JOINER_VOTES -> new Roster(base.lineage(), base.version(), union(base, wanted));
    };
  }

  private static List<Seat> union(Roster first, Roster second) {
    List<Seat> all = new ArrayList<>(first.seats());
    second.seats().stream().filter(seat -> !first.names(seat.voter())).forEach(all::add);
    return all;
  }

  Acceptor restarted(Acceptor before, long voter) {
    return this == VOTES_AFTER_RESTART
        ? new Acceptor(before.voter(), before.roster(), Ballot.NONE, Ballot.NONE, Optional.empty())
        : Acceptor.fresh(voter);
  }
}
