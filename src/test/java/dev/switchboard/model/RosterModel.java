package dev.switchboard.model;

import static dev.switchboard.model.Fingerprints.mix;

import dev.switchboard.model.RosterModel.World;
import dev.switchboard.quorum.Acceptor;
import dev.switchboard.quorum.Ballot;
import dev.switchboard.quorum.Proposal;
import dev.switchboard.quorum.Roster;
import dev.switchboard.quorum.RosterMessage;
import dev.switchboard.quorum.RosterMessage.Accept;
import dev.switchboard.quorum.RosterMessage.Accepted;
import dev.switchboard.quorum.RosterMessage.Prepare;
import dev.switchboard.quorum.RosterMessage.Promise;
import dev.switchboard.quorum.Seat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Whether two rosters can be decided to follow one.
///
/// Messages come late, twice or never. Several nodes propose different rosters at once, with
/// ballots in any order; processes start again and forget.
final class RosterModel implements Model<World> {
  private static final long LINEAGE = 7;
  private final int voters;
  private final int joiners;
  private final int attempts;
  private final int restarts;
  private final Votes votes;

  /// @param voters on the first roster
  /// @param joiners who are on none
  RosterModel(int voters, int joiners, int attempts, int restarts, Votes votes) {
    this.voters = voters;
    this.joiners = joiners;
    this.attempts = attempts;
    this.restarts = restarts;
    this.votes = votes;
  }

  /// @param proposals the latest attempt of each process
  /// @param decided by version
  /// @param unused ballots that nobody took yet
  record World(
      List<Acceptor> acceptors,
      List<Optional<Proposal>> proposals,
      Set<RosterMessage> network,
      Map<Long, Roster> decided,
      Set<Integer> unused,
      int restarts,
      String wrong) {
    World with(int index, Acceptor acceptor, Optional<RosterMessage> sent) {
      List<Acceptor> others = new ArrayList<>(acceptors);
      others.set(index, acceptor);
      return new World(others, proposals, plus(network, sent), decided, unused, restarts, wrong);
    }

    World with(int index, Proposal proposal, Optional<RosterMessage> sent) {
      List<Optional<Proposal>> others = new ArrayList<>(proposals);
      others.set(index, Optional.of(proposal));
      return new World(acceptors, others, plus(network, sent), decided, unused, restarts, wrong);
    }

    World taken(int ballot) {
      Set<Integer> rest = new HashSet<>(unused);
      rest.remove(ballot);
      return new World(acceptors, proposals, network, decided, rest, restarts, wrong);
    }

    World restarted() {
      return new World(acceptors, proposals, network, decided, unused, restarts - 1, wrong);
    }

    World decided(Roster roster) {
      Map<Long, Roster> more = new HashMap<>(decided);
      Roster other = more.putIfAbsent(roster.version(), roster);
      boolean twice = other != null && !other.equals(roster);
      return new World(
          acceptors,
          proposals,
          network,
          more,
          unused,
          restarts,
          twice ? "two rosters: %s and %s".formatted(names(other), names(roster)) : wrong);
    }

    private static Set<RosterMessage> plus(
        Set<RosterMessage> network, Optional<RosterMessage> sent) {
      if (sent.isEmpty() || network.contains(sent.get())) {
        return network;
      }
      Set<RosterMessage> more = new HashSet<>(network);
      more.add(sent.get());
      return more;
    }
  }

  @Override
  public World initial() {
    var first =
        new Roster(
            LINEAGE,
            1,
            Stream.iterate(1, i -> i <= voters, i -> i + 1)
                .map(i -> new Seat(i, i, 1, true))
                .toList());
    List<Acceptor> acceptors = new ArrayList<>();
    for (long i = 1; i <= voters + joiners; i++) {
      acceptors.add(i <= voters ? Acceptor.fresh(i).learn(first) : Acceptor.fresh(i));
    }
    Set<Integer> ballots = new HashSet<>();
    for (int i = 1; i <= attempts; i++) {
      ballots.add(i);
    }
    return new World(
        acceptors,
        acceptors.stream().map(_ -> Optional.<Proposal>empty()).toList(),
        Set.of(),
        Map.of(1L, first),
        ballots,
        restarts,
        "");
  }

  @Override
  public Optional<String> violation(World world) {
    return Optional.of(world.wrong()).filter(wrong -> !wrong.isEmpty());
  }

  @Override
  public void next(World world, Sink<World> sink) {
    for (int i = 0; i < voters + joiners; i++) {
      Acceptor acceptor = world.acceptors().get(i);
      if (acceptor.roster().isPresent()) {
        propose(world, i, acceptor.roster().get(), sink);
      }
      if (world.restarts() > 0) {
        Acceptor anew = votes.restarted(acceptor, acceptor.voter() + 10);
        sink.add(
            acceptor.voter() + " starts again", world.with(i, anew, Optional.empty()).restarted());
      }
      for (Roster decided : world.decided().values()) {
        Acceptor learned = acceptor.learn(decided);
        if (learned != acceptor) {
          sink.add(
              acceptor.voter() + " learns " + names(decided),
              world.with(i, learned, Optional.empty()));
        }
      }
      for (RosterMessage message : world.network()) {
        deliver(world, i, message, sink);
      }
    }
  }

  // All that differ in names only are left out: each process wants something of its own.
  private void propose(World world, int index, Roster base, Sink<World> sink) {
    if (index >= attempts) {
      return;
    }
    Roster wanted = wish(world, index, base);
    for (int number : world.unused()) {
      long voter = world.acceptors().get(index).voter();
      var proposal = Proposal.of(votes.electorate(base, wanted), new Ballot(number, voter), wanted);
      sink.add(
          "%d proposes %s with ballot %d".formatted(voter, names(wanted), number),
          world.with(index, proposal, Optional.of(proposal.prepare())).taken(number));
    }
  }

  /// One less; or, of the last who proposes, newcomers instead of those before it.
  private Roster wish(World world, int index, Roster base) {
    List<Seat> seats = new ArrayList<>(base.seats());
    List<Seat> newcomers =
        world.acceptors().stream()
            .map(Acceptor::voter)
            .filter(voter -> !base.names(voter))
            .map(voter -> new Seat(voter, voter, base.version() + 1, true))
            .toList();
    if (newcomers.isEmpty() || index < attempts - 1) {
      seats.remove(Math.min(seats.size() - 1, (index + 1) % voters));
      return base.next(seats.isEmpty() ? base.seats() : seats);
    }
    List<Seat> swapped = new ArrayList<>(seats.subList(seats.size() - 1, seats.size()));
    swapped.addAll(newcomers);
    return base.next(swapped);
  }

  private void deliver(World world, int index, RosterMessage message, Sink<World> sink) {
    Acceptor acceptor = world.acceptors().get(index);
    String who = Long.toString(acceptor.voter());
    switch (message) {
      case Prepare prepare ->
          answer(world, index, acceptor.onPrepare(prepare), who + " promises", sink);
      case Accept accept ->
          answer(
              world,
              index,
              acceptor.onAccept(accept),
              who + " accepts " + names(accept.next()),
              sink);
      case Promise promise ->
          world
              .proposals()
              .get(index)
              .ifPresent(
                  proposal -> {
                    Proposal after = votes.onPromise(proposal, promise);
                    if (!after.equals(proposal)) {
                      sink.add(
                          "%s hears the promise of %d".formatted(who, promise.voter()),
                          world.with(index, after, after.accept().map(RosterMessage.class::cast)));
                    }
                  });
      case Accepted accepted ->
          world
              .proposals()
              .get(index)
              .ifPresent(proposal -> count(world, index, proposal.onAccepted(accepted), sink));
      case RosterMessage.State _, RosterMessage.Outbid _ -> {}
    }
  }

  private void count(World world, int index, Proposal after, Sink<World> sink) {
    if (!after.equals(world.proposals().get(index).orElseThrow())) {
      World counted = world.with(index, after, Optional.empty());
      sink.add(
          "%d counts %s".formatted(world.acceptors().get(index).voter(), after.accepted()),
          after.decided().map(counted::decided).orElse(counted));
    }
  }

  private void answer(World world, int index, Acceptor.Step step, String event, Sink<World> sink) {
    Optional<RosterMessage> vote =
        step.reply().filter(reply -> reply instanceof Promise || reply instanceof Accepted);
    if (step.after().equals(world.acceptors().get(index)) && vote.isEmpty()) {
      return;
    }
    // A mistake shows without late answers too, and much sooner.
    if (votes == Votes.RIGHT || vote.isEmpty()) {
      sink.add(event, world.with(index, step.after(), vote));
      return;
    }
    World after = world.with(index, step.after(), Optional.empty());
    for (int i = 0; i < voters + joiners; i++) {
      deliver(after, i, vote.get(), (heard, next) -> sink.add(event + "; " + heard, next));
    }
  }

  private static List<Long> names(Roster roster) {
    return roster.seats().stream().map(Seat::voter).toList();
  }

  @Override
  public long fingerprint(World world) {
    long all = mix(world.restarts(), world.wrong().hashCode());
    for (Acceptor acceptor : world.acceptors()) {
      all = mix(mix(all, acceptor.voter()), of(acceptor.roster()));
      all = mix(mix(all, of(acceptor.promised())), of(acceptor.acceptedAt()));
      all = mix(all, of(acceptor.accepted()));
    }
    for (Optional<Proposal> proposal : world.proposals()) {
      all = mix(all, proposal.map(RosterModel::of).orElse(0L));
    }
    long rest = 0;
    for (RosterMessage message : world.network()) {
      rest += of(message);
    }
    for (Roster roster : world.decided().values()) {
      rest += mix(3, of(Optional.of(roster)));
    }
    for (int ballot : world.unused()) {
      rest += mix(5, ballot);
    }
    return mix(all, rest);
  }

  private static long of(Optional<Roster> maybe) {
    long all = 1;
    for (Seat seat : maybe.map(Roster::seats).orElse(List.of())) {
      all = mix(mix(all, seat.voter()), seat.since());
    }
    return mix(all, maybe.map(Roster::version).orElse(0L));
  }

  private static long of(Ballot ballot) {
    return mix(ballot.number(), ballot.proposer());
  }

  private static long of(Proposal proposal) {
    long all = mix(of(Optional.of(proposal.base())), of(Optional.of(proposal.value())));
    all = mix(mix(all, of(proposal.ballot())), of(proposal.valueAt()));
    long promised = proposal.promised().stream().mapToLong(voter -> mix(11, voter)).sum();
    long accepted = proposal.accepted().stream().mapToLong(voter -> mix(13, voter)).sum();
    return mix(mix(all, promised), accepted);
  }

  private static long of(RosterMessage message) {
    return switch (message) {
      case Prepare(Roster base, Ballot ballot) -> mix(mix(17, of(Optional.of(base))), of(ballot));
      case Accept(Ballot ballot, Roster next) -> mix(mix(19, of(ballot)), of(Optional.of(next)));
      case Promise one ->
          mix(
              mix(mix(mix(23, one.voter()), one.version()), of(one.ballot())),
              mix(of(one.acceptedAt()), of(one.accepted())));
      case Accepted one -> mix(mix(mix(29, one.voter()), one.version()), of(one.ballot()));
      case RosterMessage.State _, RosterMessage.Outbid _ -> 0;
    };
  }
}
