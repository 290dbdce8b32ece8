package dev.switchboard.quorum;

import dev.switchboard.quorum.RosterMessage.Accept;
import dev.switchboard.quorum.RosterMessage.Accepted;
import dev.switchboard.quorum.RosterMessage.Outbid;
import dev.switchboard.quorum.RosterMessage.Prepare;
import dev.switchboard.quorum.RosterMessage.Promise;
import dev.switchboard.quorum.RosterMessage.State;
import java.util.Optional;

/// One memory of votes. Immutable; every step makes the next one.
///
/// It lives as long as the process, merges included, and is never brought back after it was
/// forgotten: who forgets takes a new voter id.
///
/// @param voter random id of this memory
/// @param roster the newest that is known to be decided; none in a node that is new
/// @param promised the ballot below which nothing is accepted to follow the roster
/// @param acceptedAt the ballot of what was accepted to follow it
/// @param accepted what was accepted to follow it
public record Acceptor(
    long voter,
    Optional<Roster> roster,
    Ballot promised,
    Ballot acceptedAt,
    Optional<Roster> accepted) {

  /// A memory without a past, which belongs to no lineage.
  public static Acceptor fresh(long voter) {
    return of(voter, Optional.empty());
  }

  private static Acceptor of(long voter, Optional<Roster> roster) {
    return new Acceptor(voter, roster, Ballot.NONE, Ballot.NONE, Optional.empty());
  }

  /// What a step leads to.
  ///
  /// @param reply to who asked; none when this voter has no say
  public record Step(Acceptor after, Optional<RosterMessage> reply) {}

  /// A roster was decided. One that is new joins a lineage only when its roster names it.
  public Acceptor learn(Roster decided) {
    boolean joins = roster.isEmpty() && decided.names(voter);
    boolean follows =
        roster
            .filter(own -> own.lineage() == decided.lineage())
            .filter(own -> own.version() < decided.version())
            .isPresent();
    return joins || follows ? of(voter, Optional.of(decided)) : this;
  }

  /// Somebody wants to propose what follows a roster.
  public Step onPrepare(Prepare prepare) {
    Acceptor learned = learn(prepare.base());
    return learned.hasSay(prepare.base().lineage(), prepare.base().version())
        ? learned.promise(prepare)
        : learned.tellNewer(prepare.base().lineage(), prepare.base().version());
  }

  private Step promise(Prepare prepare) {
    if (prepare.ballot().compareTo(promised) < 0) {
      return new Step(this, Optional.of(new Outbid(promised)));
    }
    Roster base = prepare.base();
    return new Step(
        new Acceptor(voter, roster, prepare.ballot(), acceptedAt, accepted),
        Optional.of(
            new Promise(
                voter, base.lineage(), base.version(), prepare.ballot(), acceptedAt, accepted)));
  }

  /// Somebody proposes what follows the roster.
  public Step onAccept(Accept accept) {
    Roster next = accept.next();
    if (!hasSay(next.lineage(), next.version() - 1)) {
      return tellNewer(next.lineage(), next.version() - 1);
    }
    if (accept.ballot().compareTo(promised) < 0) {
      return new Step(this, Optional.of(new Outbid(promised)));
    }
    return new Step(
        new Acceptor(voter, roster, accept.ballot(), accept.ballot(), Optional.of(next)),
        Optional.of(new Accepted(voter, next.lineage(), next.version(), accept.ballot())));
  }

  private boolean hasSay(long lineage, long version) {
    return roster
        .filter(own -> own.lineage() == lineage && own.version() == version)
        .filter(own -> own.isVoter(voter))
        .isPresent();
  }

  private Step tellNewer(long lineage, long version) {
    return new Step(
        this,
        roster
            .filter(own -> own.lineage() == lineage && own.version() > version)
            .map(own -> new State(voter, roster, false)));
  }
}
