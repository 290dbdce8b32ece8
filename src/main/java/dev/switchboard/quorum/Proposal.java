package dev.switchboard.quorum;

import dev.switchboard.quorum.RosterMessage.Accept;
import dev.switchboard.quorum.RosterMessage.Accepted;
import dev.switchboard.quorum.RosterMessage.Prepare;
import dev.switchboard.quorum.RosterMessage.Promise;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// One attempt to have a roster followed by another. Immutable; every step makes the next one.
///
/// What a voter accepted in an earlier attempt may be decided already, unknown to everybody. So the
/// latest of that is proposed, whatever was wanted.
///
/// @param base the roster that is to be followed; decided
/// @param value what is proposed: the wanted roster, until a promise names an accepted one
/// @param valueAt the ballot at which the value was accepted; none while it is the wanted one
/// @param promised voters who promised
/// @param accepted voters who accepted
public record Proposal(
    Roster base,
    Ballot ballot,
    Roster value,
    Ballot valueAt,
    Set<Long> promised,
    Set<Long> accepted) {

  /// Takes copies of the sets.
  public Proposal {
    promised = Set.copyOf(promised);
    accepted = Set.copyOf(accepted);
  }

  /// The beginning of an attempt.
  public static Proposal of(Roster base, Ballot ballot, Roster wanted) {
    return new Proposal(base, ballot, wanted, Ballot.NONE, Set.of(), Set.of());
  }

  /// What every voter is asked first.
  public Prepare prepare() {
    return new Prepare(base, ballot);
  }

  /// A voter promised. Promises after a majority change nothing: the value is out.
  public Proposal onPromise(Promise promise) {
    if (isAsking()
        || promise.lineage() != base.lineage()
        || promise.version() != base.version()
        || !promise.ballot().equals(ballot)) {
      return this;
    }
    boolean later = promise.acceptedAt().compareTo(valueAt) > 0;
    return new Proposal(
        base,
        ballot,
        later ? promise.accepted().orElse(value) : value,
        later ? promise.acceptedAt() : valueAt,
        with(promised, promise.voter()),
        accepted);
  }

  private boolean isAsking() {
    return base.isMajority(promised);
  }

  /// What every voter is asked once a majority promised.
  public Optional<Accept> accept() {
    return isAsking() ? Optional.of(new Accept(ballot, value)) : Optional.empty();
  }

  /// A voter accepted.
  public Proposal onAccepted(Accepted vote) {
    boolean mine =
        isAsking()
            && vote.lineage() == value.lineage()
            && vote.version() == value.version()
            && vote.ballot().equals(ballot);
    return mine
        ? new Proposal(base, ballot, value, valueAt, promised, with(accepted, vote.voter()))
        : this;
  }

  /// The roster that follows, once a majority of the one before accepted it.
  public Optional<Roster> decided() {
    return base.isMajority(accepted) ? Optional.of(value) : Optional.empty();
  }

  private static Set<Long> with(Set<Long> voters, long voter) {
    Set<Long> more = new HashSet<>(voters);
    more.add(voter);
    return more;
  }
}
