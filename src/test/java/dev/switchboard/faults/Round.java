package dev.switchboard.faults;

import dev.switchboard.faults.Ledger.Disturbance;
import dev.switchboard.faults.RoundResult.Step;
import dev.switchboard.faults.referee.Verdict;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One fault done to one cluster under load, watched from outside until all is well again.
///
/// Confined to the harness's thread. Every wait has an end; what was not as it must be is
/// collected, and the round goes on. Publications without a log are judged by the [Ledger], streams
/// by the referee.
final class Round {
  private static final Duration STEADY = Duration.ofSeconds(2);
  private static final Duration EXIT = Duration.ofSeconds(30);
  private static final Duration MERGE = Duration.ofSeconds(30);
  // What follows the last receipt, should something come twice.
  private static final Duration SILENCE = Duration.ofMillis(300);
  private static final long BEFORE_FAULT_MILLIS = 1_000;
  private static final int CLOSE_SHUTDOWN = 3001;
  private static final int FLAPS = 10;

  private final Arena arena;
  private final Scenario scenario;
  private final int number;
  private final List<NodeProcess> victims;
  private final List<NodeProcess> survivors;
  private final Steps steps;
  private Map<String, String> before = Map.of();
  private Map<String, String> after = Map.of();
  private List<Session> hurt = List.of();
  private long faultAt;
  private long disturbedUntil = Session.NEVER;

  /// @param slack what every time limit is multiplied by
  Round(Arena arena, Scenario scenario, int number, int slack) {
    this.arena = arena;
    this.scenario = scenario;
    this.number = number;
    this.steps = new Steps(scenario, slack);
    List<Integer> numbers = scenario.victims(number, arena.nodes().size());
    var hit =
        arena.nodes().stream()
            .collect(Collectors.partitioningBy(node -> numbers.contains(node.number())));
    this.victims = hit.get(true);
    this.survivors = hit.get(false);
  }

  /// Everything from a cluster that is well to one that is well again.
  RoundResult run() {
    var linesBefore = Noise.now(arena.nodes());
    before = arena.nodes().getFirst().api().members();
    arena.learn(before);
    arena.log().forget();
    arena.publishers().forEach(Publisher::forget);
    arena.publishers().forEach(Publisher::resume);
    arena.archive().ifPresent(Archive::resume);
    // What is asked for the first time answers late; it is the fault that is timed.
    arena.nodes().forEach(node -> node.api().memberCount());
    Patience.pass(STEADY);
    hurt =
        arena.log().open().stream()
            .filter(session -> numbers(victims).contains(arena.nodeOf(session)))
            .toList();
    steps.require(!hurt.isEmpty(), "no client was on the victim");
    faultAt = System.currentTimeMillis();
    inflict(System.nanoTime());
    routesAreEqual();
    checkCodes();
    Tally tally = reachEverybody();
    judge(tally);
    Verdict verdict = arena.archive().map(this::judge).orElse(Verdict.NONE);
    var codes = arena.log().endCodes();
    var recoveries = recoveries();
    arena.dismissVisitors();
    var noise = Noise.since(linesBefore, arena.nodes());
    steps.require(noise.bearable(), noise.text());
    return new RoundResult(
        scenario,
        number,
        steps.times(),
        codes,
        tally,
        verdict,
        recoveries,
        noise,
        steps.failures());
  }

  private void inflict(long fault) {
    switch (scenario.fault()) {
      case KILL -> {
        victims.forEach(NodeProcess::kill);
        leave(fault);
      }
      case TERMINATE -> {
        victims.forEach(NodeProcess::terminate);
        leave(exits(victims));
      }
      case ROLL -> victims.forEach(this::restart);
      case STOP -> {
        victims.forEach(NodeProcess::stop);
        endure(fault, NodeProcess::wake);
      }
      case FLOOD -> flood(fault);
      case CUT, BRINK -> {
        victims.forEach(victim -> arena.terrain().cut(victim.number()));
        endure(fault, victim -> arena.terrain().heal(victim.number()));
      }
      case MUTE -> {
        victims.forEach(victim -> arena.terrain().mute(victim.number()));
        endure(fault, victim -> arena.terrain().unmute(victim.number()));
      }
      case FLAP -> flap();
      case MERGE -> {
        victims.forEach(victim -> arena.terrain().cut(victim.number()));
        mergeAndKill(fault);
      }
    }
  }

  /// The process is gone: its clients go elsewhere, then it is started again.
  private void leave(long gone) {
    othersNotice(gone);
    survivors.stream().findFirst().ifPresent(node -> arena.learn(node.api().members()));
    boolean waits =
        arena.archive().isPresent() && scenario.leavesMinority(arena.nodes().size())
            || survivors.isEmpty();
    if (!waits) {
      steps.step(Step.RECONNECTED, gone, arena::settled);
    }
    Patience.pass(scenario.lasts().minusNanos(System.nanoTime() - gone));
    long started = System.nanoTime();
    victims.forEach(NodeProcess::start);
    comesBack(started);
    if (waits) {
      steps.step(Step.RECONNECTED, started, arena::settled);
    }
  }

  private long exits(List<NodeProcess> all) {
    for (NodeProcess node : all) {
      int code = node.exitCode(EXIT);
      steps.require(code == 0, "%s exited with %d".formatted(node.name(), code));
    }
    return System.nanoTime();
  }

  /// One of all: the next one's turn is when this one is back and has its clients' trust.
  private void restart(NodeProcess node) {
    List<NodeProcess> others = arena.nodes().stream().filter(each -> each != node).toList();
    node.terminate();
    long gone = exits(List.of(node));
    steps.stepEach(Step.DETECTED, gone, others, each -> sees(each, others));
    arena.learn(others.getFirst().api().members());
    steps.step(Step.RECONNECTED, gone, arena::settled);
    long started = System.nanoTime();
    node.start();
    comesBack(started);
  }

  /// The process lives on: its clients have to learn from it that it was away.
  private void endure(long fault, Consumer<NodeProcess> end) {
    if (scenario.detected().isPresent()) {
      othersNotice(fault);
    }
    Patience.pass(scenario.lasts().minusNanos(System.nanoTime() - fault));
    if (scenario.fault() == Scenario.Fault.CUT) {
      steps.require(
          victims.stream().allMatch(this::seesOnlyItsSide), "the cut-off node noticed nothing");
    }
    long ended = System.nanoTime();
    victims.forEach(end);
    comesBack(ended);
    steps.step(Step.RECONNECTED, ended, arena::settled);
  }

  /// The others want to tell the victim's clients much more than a link may keep.
  private void flood(long fault) {
    var channels = hurt.stream().map(session -> Arena.own(session.client())).toList();
    List<Publisher> flood =
        survivors.stream()
            .map(node -> new Publisher(node, channels, Publisher.Pace.FLOOD))
            .toList();
    try {
      flood.forEach(Publisher::resume);
      victims.forEach(NodeProcess::stop);
      endure(fault, NodeProcess::wake);
      flood.forEach(Publisher::pause);
    } finally {
      flood.forEach(Publisher::close);
    }
    long tried = flood.stream().mapToLong(each -> each.sent().size()).sum();
    steps.require(tried > 0, "there was no flood");
    steps.require(survivors.stream().allMatch(NodeProcess::runs), "the flood ended a node");
  }

  private void flap() {
    for (int flap = 0; flap < FLAPS; flap++) {
      victims.forEach(victim -> arena.terrain().cut(victim.number()));
      Patience.pass(scenario.lasts());
      victims.forEach(victim -> arena.terrain().heal(victim.number()));
      Patience.pass(scenario.lasts());
    }
    long ended = System.nanoTime();
    comesBack(ended);
    steps.step(Step.RECONNECTED, ended, arena::settled);
  }

  /// Kills one as soon as a member count says that the sides meet: in odd rounds who was cut off,
  /// in even ones another.
  private void mergeAndKill(long fault) {
    othersNotice(fault);
    Patience.pass(scenario.lasts().minusNanos(System.nanoTime() - fault));
    victims.forEach(victim -> arena.terrain().heal(victim.number()));
    boolean met =
        Patience.until(
                MERGE, () -> arena.nodes().stream().anyMatch(node -> !countsOnlyItsSide(node)))
            .isPresent();
    steps.require(met, "the sides did not begin to merge");
    var killed = (number % 2 == 1 ? victims : survivors).getFirst();
    killed.kill();
    killed.exitCode(EXIT);
    Patience.pass(STEADY);
    long started = System.nanoTime();
    killed.start();
    comesBack(started);
    steps.step(Step.RECONNECTED, started, arena::settled);
  }

  private boolean countsOnlyItsSide(NodeProcess node) {
    int count = node.api().memberCount();
    return count == 0 || count == (victims.contains(node) ? victims : survivors).size();
  }

  private void othersNotice(long fault) {
    Set<String> rest = names(survivors);
    steps.stepEach(Step.DETECTED, fault, survivors, this::seesOnlyItsSide);
    long noticed = System.nanoTime();
    Set<String> dead = hurt.stream().map(Session::id).collect(Collectors.toSet());
    Set<String> stays =
        before.entrySet().stream()
            .filter(node -> !rest.contains(node.getKey()))
            .map(Map.Entry::getValue)
            .collect(Collectors.toSet());
    steps.stepEach(Step.GONE, noticed, survivors, node -> knowsNothingOf(node, dead, stays));
  }

  private boolean seesOnlyItsSide(NodeProcess node) {
    return sees(node, victims.contains(node) ? victims : survivors);
  }

  private static boolean sees(NodeProcess node, List<NodeProcess> side) {
    // A silent member is missing in `info` long before it is no member any more.
    return node.api().memberCount() == side.size()
        && node.api().members().keySet().equals(names(side));
  }

  private boolean knowsNothingOf(NodeProcess node, Set<String> dead, Set<String> stays) {
    return node.api().routes().map(Routes::peers).map(Map::keySet).stream()
            .noneMatch(peers -> peers.stream().anyMatch(stays::contains))
        && arena.rooms().stream()
            .map(room -> node.api().present(room))
            .allMatch(
                present -> present.isPresent() && present.get().stream().noneMatch(dead::contains));
  }

  private void comesBack(long from) {
    Set<String> all = names(arena.nodes());
    steps.stepEach(
        Step.BACK,
        from,
        arena.nodes(),
        node -> node.api().ready() && node.api().members().keySet().equals(all));
    arena.learn(arena.nodes().getFirst().api().members());
  }

  private void routesAreEqual() {
    arena.launchVisitors(victims.getFirst());
    long from = System.nanoTime();
    steps.step(Step.EQUAL, from, () -> arena.settled() && Routes.equal(routes()));
    disturbedUntil = System.currentTimeMillis();
    after = arena.nodes().getFirst().api().members();
  }

  private List<Routes> routes() {
    return arena.nodes().stream().flatMap(node -> node.api().routes().stream()).toList();
  }

  private Tally reachEverybody() {
    arena.publishers().forEach(Publisher::pause);
    arena.archive().ifPresent(Archive::pause);
    long from = System.nanoTime();
    var rounds =
        arena.publishers().stream()
            .map(publisher -> CompletableFuture.runAsync(publisher::publishToAll))
            .toList();
    rounds.forEach(CompletableFuture::join);
    steps.step(Step.REACHED, from, () -> tally().lost() == 0);
    arena.archive().ifPresent(streams -> steps.step(Step.LEVEL, from, () -> level(streams)));
    Patience.pass(SILENCE);
    return tally();
  }

  private boolean level(Archive streams) {
    arena.log();
    return streams.caughtUp();
  }

  private Tally tally() {
    var sent =
        arena.publishers().stream().map(Publisher::sent).flatMap(Collection::stream).toList();
    long from = faultAt - BEFORE_FAULT_MILLIS;
    var disturbed =
        numbers(disturbed()).stream()
            .map(node -> new Disturbance(node, from, disturbedUntil))
            .toList();
    return new Ledger(
            sent,
            arena.log().sessions(),
            arena::nodeOf,
            disturbed,
            Ledger.staleMillis(steps.slack()),
            inHand())
        .tally();
  }

  private int inHand() {
    return switch (scenario.fault()) {
      case STOP, FLOOD -> victims.size() * Runtime.getRuntime().availableProcessors();
      case KILL, TERMINATE, ROLL, CUT, BRINK, MUTE, FLAP, MERGE -> 0;
    };
  }

  /// Links between nodes that were not hurt fail, too, when the cluster fell apart: whoever has
  /// another stay had none but itself for a while.
  private List<NodeProcess> disturbed() {
    boolean apart =
        survivors.stream()
            .map(NodeProcess::name)
            .anyMatch(name -> !Objects.equals(before.get(name), after.get(name)));
    return apart ? arena.nodes() : victims;
  }

  private void judge(Tally tally) {
    steps.require(tally.accepted() > 0 && tally.delivered() > 0, "nothing was delivered");
    if (tally.lost() > 0) {
      var drops = arena.nodes().stream().map(node -> node.api().drops()).toList();
      steps.require(false, "%d lost; links: %s".formatted(tally.lost(), drops));
    }
    steps.require(tally.duplicates() == 0, tally.duplicates() + " duplicates");
    steps.require(tally.reordered() == 0, tally.reordered() + " reordered");
    steps.require(tally.stale() == 0, tally.stale() + " stale");
  }

  private Verdict judge(Archive streams) {
    arena.log();
    Verdict verdict = streams.judge(scenario);
    Stream.concat(verdict.failures().stream(), verdict.examples().stream())
        .forEach(failure -> steps.require(false, failure));
    return verdict;
  }

  /// How long each client that was hurt took to have a whole session again.
  private List<Duration> recoveries() {
    Map<String, Long> whole =
        arena.log().sessions().stream()
            .filter(session -> session.wholeAt() >= faultAt && session.wholeAt() < Session.NEVER)
            .collect(Collectors.toMap(Session::client, Session::wholeAt, Math::min));
    return hurt.stream()
        .filter(session -> !session.open() && whole.containsKey(session.client()))
        .map(session -> Duration.ofMillis(whole.get(session.client()) - hurtAt(session)))
        .sorted()
        .toList();
  }

  /// Not all at once when all nodes restart.
  private long hurtAt(Session session) {
    return scenario.fault() == Scenario.Fault.ROLL ? session.endedAt() : faultAt;
  }

  /// How the victims' sessions had to end.
  private void checkCodes() {
    arena.log();
    var codes =
        hurt.stream().collect(Collectors.groupingBy(Session::endCode, Collectors.counting()));
    boolean ended = hurt.stream().noneMatch(Session::open);
    switch (scenario.fault()) {
      case KILL, CUT, MUTE, FLOOD, MERGE -> steps.require(ended, "a session did not end");
      case TERMINATE, ROLL ->
          steps.require(codes.keySet().equals(Set.of(CLOSE_SHUTDOWN)), "sessions ended: " + codes);
      case STOP -> {
        boolean noticed = scenario.detected().isPresent();
        steps.require(ended == noticed, "sessions ended: " + codes);
        steps.require(
            noticed || arena.nodes().getFirst().api().members().equals(before), "a node rejoined");
      }
      case FLAP, BRINK -> {
        // Whether a cut that short is noticed is a matter of luck.
      }
    }
  }

  private static Set<String> names(List<NodeProcess> nodes) {
    return nodes.stream().map(NodeProcess::name).collect(Collectors.toSet());
  }

  private static Set<Integer> numbers(List<NodeProcess> nodes) {
    return nodes.stream().map(NodeProcess::number).collect(Collectors.toSet());
  }
}
