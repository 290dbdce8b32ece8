package dev.switchboard.quorum;

import dev.switchboard.quorum.RosterMessage.Accept;
import dev.switchboard.quorum.RosterMessage.Accepted;
import dev.switchboard.quorum.RosterMessage.Outbid;
import dev.switchboard.quorum.RosterMessage.Prepare;
import dev.switchboard.quorum.RosterMessage.Promise;
import dev.switchboard.quorum.RosterMessage.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

/// Keeps the roster after the member list, as far as a majority agrees. Confined to one loop.
///
/// The oldest member of the lineage proposes whenever list and roster differ. What is safe does not
/// depend on anything here: [Acceptor] and [Proposal] see to it that rosters form one line, and
/// whoever begins a new lineage begins new epochs with it.
public final class Electorate {
  private final ElectorateSettings settings;
  private final ElectorateHost host;
  private final LongSupplier nanos;
  private final LongSupplier random;
  private final Map<Long, State> heard = new HashMap<>();
  private Acceptor acceptor;
  private Optional<Proposal> proposal = Optional.empty();
  private List<Long> members = List.of();
  private long own;
  private boolean leaving;
  private long ballots;
  private long proposedAt;
  private long toldAt;
  private long changedAt;
  private long lostAt;

  /// @param nanos a clock that never goes back
  /// @param random for ids, which must not repeat; never 0
  public Electorate(
      ElectorateSettings settings, ElectorateHost host, LongSupplier nanos, LongSupplier random) {
    this.settings = settings;
    this.host = host;
    this.nanos = nanos;
    this.random = random;
    this.acceptor = Acceptor.fresh(random.getAsLong());
  }

  /// What stands for this node's memory of votes.
  public long voter() {
    return acceptor.voter();
  }

  /// The roster that is in force, as far as this node knows.
  public Optional<Roster> roster() {
    return acceptor.roster();
  }

  /// Whether a majority of the voters is there in this stay, and this node is one of the roster.
  ///
  /// @param isHeard whether a member's lease is held
  public boolean hasQuorum(LongPredicate isHeard) {
    return acceptor.roster().filter(roster -> hasQuorum(roster, isHeard)).isPresent();
  }

  private boolean hasQuorum(Roster roster, LongPredicate isHeard) {
    Set<Long> there = new HashSet<>();
    for (Seat seat : roster.seats()) {
      long other = seat.incarnation();
      boolean here = other == own || members.contains(other) && isHeard.test(other);
      if (here && !isVacant(seat, roster)) {
        there.add(seat.voter());
      }
    }
    return roster.seat(own).isPresent() && roster.isMajority(there);
  }

  private boolean hasMembers(Roster roster) {
    return hasQuorum(roster, _ -> true);
  }

  /// Says who is there now, the oldest first, this node included.
  public void onMembers(long incarnation, List<Long> oldestFirst) {
    if (incarnation == own && oldestFirst.equals(members)) {
      return;
    }
    own = incarnation;
    members = List.copyOf(oldestFirst);
    heard.keySet().retainAll(members);
    changedAt = nanos.getAsLong();
    tell();
    onTick();
  }

  /// Announces this node's leave. It stays a holder of copies, and stops to be a voter.
  public void leave() {
    leaving = true;
    tell();
    onTick();
  }

  /// Whether it may go: nobody who stays counts on its vote.
  public boolean mayGo() {
    return members.stream().allMatch(member -> member == own || isLeaving(member))
        || acceptor.roster().filter(roster -> roster.isVoter(acceptor.voter())).isEmpty();
  }

  /// An operator says that what is missing will not come back: new lineage, new epochs.
  public void startOver() {
    become(Acceptor.fresh(random.getAsLong()));
    found();
  }

  /// The heartbeat.
  public void onTick() {
    long now = nanos.getAsLong();
    if (now - toldAt >= settings.repeat().toNanos()) {
      tell();
    }
    if (acceptor.roster().filter(this::hasMembers).isPresent() || members.isEmpty()) {
      lostAt = now;
    }
    giveUp(now);
    if (isFirst()) {
      propose(now);
    }
  }

  private void tell() {
    toldAt = nanos.getAsLong();
    toAll(state());
  }

  private State state() {
    return new State(acceptor.voter(), acceptor.roster(), leaving);
  }

  private void toAll(RosterMessage message) {
    members.stream().filter(member -> member != own).forEach(to -> host.send(to, message));
  }

  // ---- lineages

  /// Leaves a lineage that lost its majority for one that is better off, or begins one.
  private void giveUp(long now) {
    long patience = settings.together().toNanos();
    boolean together = now - changedAt >= patience;
    boolean settled = together && now - lostAt >= patience;
    Optional<Roster> mine = acceptor.roster();
    Optional<Roster> best = best();
    if (mine.isPresent()
        && best.isPresent()
        && best.get().lineage() != mine.get().lineage()
        && (together && isServing(best.get()) || mine.get().seat(own).isEmpty())) {
      become(Acceptor.fresh(random.getAsLong()));
      tell();
      return;
    }
    boolean first = !members.isEmpty() && members.getFirst() == own;
    boolean allNew = mine.isEmpty() && best.isEmpty() && heard.size() == members.size() - 1;
    boolean enough = settings.membersMin() > 0 && members.size() >= settings.membersMin();
    // Nodes that are all new have nothing to lose, so they need not wait for anybody.
    boolean begins = allNew && settings.membersMin() <= members.size();
    boolean lost = settled && best.filter(this::isServing).isEmpty();
    boolean beginsAnew = lost && (enough || settings.available());
    if (first && (begins || beginsAnew)) {
      startOver();
    }
  }

  /// The lineage that serves this member list best, if one does at all or it is the only one.
  private Optional<Roster> best() {
    return rosters().stream()
        .filter(roster -> roster.seats().stream().anyMatch(this::isHere))
        .max(
            Comparator.comparing(this::isServing)
                .thenComparing(roster -> followers(roster).size())
                .thenComparing(Roster::lineage)
                .thenComparing(Roster::version));
  }

  private boolean isHere(Seat seat) {
    return members.contains(seat.incarnation());
  }

  private boolean isServing(Roster roster) {
    return roster.isMajority(followers(roster));
  }

  /// Voters of a roster that are here and of its lineage: a node may sit on rosters of others too.
  private List<Long> followers(Roster roster) {
    return roster.seats().stream()
        .filter(this::isHere)
        .filter(seat -> lineage(seat.incarnation()).isPresent() && !isVacant(seat, roster))
        .map(Seat::voter)
        .toList();
  }

  /// What a member follows, as far as this node heard.
  private Optional<Long> lineage(long member) {
    return Optional.ofNullable(said(member)).flatMap(State::roster).map(Roster::lineage);
  }

  private List<Roster> rosters() {
    List<Roster> all = new ArrayList<>();
    acceptor.roster().ifPresent(all::add);
    heard.values().forEach(state -> state.roster().ifPresent(all::add));
    return all;
  }

  private void found() {
    learn(Roster.found(random.getAsLong(), acceptor.voter(), own));
    tell();
  }

  private void become(Acceptor next) {
    boolean changed = !next.roster().equals(acceptor.roster());
    boolean moved =
        !next.roster().map(Roster::lineage).equals(acceptor.roster().map(Roster::lineage));
    acceptor = next;
    if (moved) {
      // Others need to hear of it before anybody counts who follows whom.
      changedAt = nanos.getAsLong();
      tell();
    }
    if (changed) {
      proposal = Optional.empty();
      host.onRoster(next.roster());
    }
  }

  private void learn(Roster decided) {
    become(acceptor.learn(decided));
  }

  // ---- proposing

  /// Whether nobody older of this lineage is there to propose.
  private boolean isFirst() {
    return acceptor.roster().isPresent()
        && members.stream()
            .filter(member -> isOfLineage(said(member)))
            .findFirst()
            .filter(member -> member == own)
            .isPresent();
  }

  private boolean isOfLineage(State state) {
    return state != null
        && state
            .roster()
            .filter(roster -> roster.lineage() == acceptor.roster().orElseThrow().lineage())
            .isPresent();
  }

  private void propose(long now) {
    Roster base = acceptor.roster().orElseThrow();
    List<Seat> wanted = wanted(base);
    boolean asking = proposal.isPresent() && now - proposedAt < settings.repeat().toNanos();
    if (asking || wanted.equals(base.seats()) || wanted.stream().noneMatch(Seat::votes)) {
      return;
    }
    var attempt = Proposal.of(base, new Ballot(++ballots, acceptor.voter()), base.next(wanted));
    proposal = Optional.of(attempt);
    proposedAt = now;
    toAllAndSelf(attempt.prepare());
  }

  /// Seats that stay in their order, then those who came.
  private List<Seat> wanted(Roster base) {
    List<Seat> seats = new ArrayList<>();
    for (Seat seat : base.seats()) {
      stay(seat, base)
          .ifPresent(
              member ->
                  seats.add(new Seat(seat.voter(), member, seat.since(), !isLeaving(member))));
    }
    for (long member : members) {
      State state = said(member);
      boolean mayJoin =
          state != null
              && !state.leaving()
              && base.seat(member).isEmpty()
              && seats.stream().noneMatch(seat -> seat.voter() == state.voter())
              && (state.roster().isEmpty() || isOfLineage(state));
      if (mayJoin) {
        seats.add(new Seat(state.voter(), member, base.version() + 1, true));
      }
    }
    return seats;
  }

  /// The incarnation of who sits there: another one after a merge.
  private Optional<Long> stay(Seat seat, Roster base) {
    if (isHere(seat)) {
      return isVacant(seat, base) ? Optional.empty() : Optional.of(seat.incarnation());
    }
    return members.stream()
        .filter(member -> base.seat(member).isEmpty())
        .filter(member -> isOfLineage(said(member)) && said(member).voter() == seat.voter())
        .findFirst();
  }

  private boolean isLeaving(long member) {
    State state = said(member);
    return state != null && state.leaving();
  }

  /// The latest that a member said of itself; null when it said nothing yet.
  private State said(long member) {
    return member == own ? state() : heard.get(member);
  }

  /// Whether the node that sat here follows another lineage, or forgot what it voted.
  private boolean isVacant(Seat seat, Roster roster) {
    long member = seat.incarnation();
    State state = said(member);
    return state != null
        && (state.voter() != seat.voter()
            || lineage(member).filter(id -> id != roster.lineage()).isPresent());
  }

  private void toAllAndSelf(RosterMessage message) {
    toAll(message);
    onMessage(own, message);
  }

  // ---- messages

  /// Takes in what a member said; from who is no member any more it counts too.
  public void onMessage(long from, RosterMessage message) {
    switch (message) {
      case State state -> onState(from, state);
      case Prepare prepare -> answer(from, acceptor.onPrepare(prepare));
      case Accept accept -> answer(from, acceptor.onAccept(accept));
      case Promise promise -> onPromise(promise);
      case Accepted accepted -> onAccepted(accepted);
      case Outbid(Ballot promised) -> ballots = Math.max(ballots, promised.number());
    }
  }

  private void onState(long from, State state) {
    if (members.contains(from)) {
      heard.put(from, state);
    }
    state.roster().ifPresent(this::learn);
    if (from != own && isBehind(state)) {
      host.send(from, state());
    }
    onTick();
  }

  private boolean isBehind(State state) {
    return acceptor.roster().isPresent()
        && isOfLineage(state)
        && state.roster().orElseThrow().version() < acceptor.roster().get().version();
  }

  private void answer(long to, Acceptor.Step step) {
    become(step.after());
    step.reply()
        .ifPresent(
            reply -> {
              if (to == own) {
                onMessage(own, reply);
              } else {
                host.send(to, reply);
              }
            });
  }

  private void onPromise(Promise promise) {
    proposal
        .map(attempt -> attempt.onPromise(promise))
        .filter(attempt -> !attempt.equals(proposal.get()))
        .ifPresent(
            attempt -> {
              proposal = Optional.of(attempt);
              attempt.accept().ifPresent(this::toAllAndSelf);
            });
  }

  private void onAccepted(Accepted accepted) {
    proposal = proposal.map(attempt -> attempt.onAccepted(accepted));
    proposal
        .flatMap(Proposal::decided)
        .ifPresent(
            decided -> {
              learn(decided);
              tell();
            });
  }
}
