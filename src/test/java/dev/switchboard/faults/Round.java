package dev.switchboard.faults;

import dev.switchboard.faults.Ledger.Disturbance;
import dev.switchboard.faults.RoundResult.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// One fault done to one cluster under load, watched from outside until all is well again.
///
/// Confined to the harness's thread. Every wait has an end; what was not as it must be is
/// collected, and the round goes on.
final class Round {
  private static final Duration STEADY = Duration.ofSeconds(2);
  private static final Duration EXIT = Duration.ofSeconds(30);
  // What follows the last receipt, should something come twice.
  private static final Duration SILENCE = Duration.ofMillis(300);
  private static final long BEFORE_FAULT_MILLIS = 1_000;
  private static final int CLOSE_SHUTDOWN = 3001;

  private final Arena arena;
  private final Scenario scenario;
  private final int number;
  private final List<NodeProcess> victims;
  private final List<NodeProcess> survivors;
  private final Map<Step, Duration> times = new EnumMap<>(Step.class);
  private final List<String> failures = new ArrayList<>();
  private Map<String, String> before = Map.of();
  private List<Session> hurt = List.of();
  private long disturbedFrom;
  private long disturbedUntil = Session.NEVER;

  Round(Arena arena, Scenario scenario, int number) {
    this.arena = arena;
    this.scenario = scenario;
    this.number = number;
    List<Integer> numbers = scenario.victims(number, arena.nodes().size());
    var hit =
        arena.nodes().stream()
            .collect(Collectors.partitioningBy(node -> numbers.contains(node.number())));
    this.victims = hit.get(true);
    this.survivors = hit.get(false);
  }

  /// Everything from a cluster that is well to one that is well again.
  RoundResult run() {
    long warningsBefore = warnings();
    before = arena.nodes().getFirst().api().members();
    arena.learn(before);
    arena.log().forget();
    arena.publishers().forEach(Publisher::forget);
    arena.publishers().forEach(Publisher::resume);
    // What is asked for the first time answers late; it is the fault that is timed.
    arena.nodes().forEach(node -> node.api().memberCount());
    Patience.pass(STEADY);
    hurt =
        arena.log().open().stream()
            .filter(session -> numbers(victims).contains(arena.nodeOf(session)))
            .toList();
    require(!hurt.isEmpty(), "no client was on the victim");
    disturbedFrom = System.currentTimeMillis() - BEFORE_FAULT_MILLIS;
    long fault = System.nanoTime();
    switch (scenario.fault()) {
      case KILL -> {
        victims.forEach(NodeProcess::kill);
        leave(fault);
      }
      case TERMINATE -> {
        victims.forEach(NodeProcess::terminate);
        leave(exits());
      }
      case STOP -> {
        victims.forEach(NodeProcess::stop);
        endure(fault, NodeProcess::wake);
      }
      case CUT -> {
        victims.forEach(victim -> arena.terrain().cut(victim.number()));
        endure(fault, victim -> arena.terrain().heal(victim.number()));
      }
    }
    routesAreEqual();
    checkCodes();
    Tally tally = reachEverybody();
    judge(tally);
    var codes = arena.log().endCodes();
    arena.dismissVisitors();
    long noise = warnings() - warningsBefore;
    return new RoundResult(scenario, number, times, codes, tally, noise, failures);
  }

  /// The process is gone: its clients go elsewhere, then it is started again.
  private void leave(long gone) {
    othersNotice(gone);
    survivors.stream().findFirst().ifPresent(node -> arena.learn(node.api().members()));
    if (!survivors.isEmpty()) {
      step(Step.RECONNECTED, gone, arena::settled);
    }
    Patience.pass(scenario.lasts().minusNanos(System.nanoTime() - gone));
    long started = System.nanoTime();
    victims.forEach(NodeProcess::start);
    comesBack(started);
    if (survivors.isEmpty()) {
      step(Step.RECONNECTED, gone, arena::settled);
    }
  }

  private long exits() {
    for (NodeProcess victim : victims) {
      int code = victim.exitCode(EXIT);
      require(code == 0, "%s exited with %d".formatted(victim.name(), code));
    }
    return System.nanoTime();
  }

  /// The process lives on: its clients have to learn from it that it was away.
  private void endure(long fault, Consumer<NodeProcess> end) {
    if (scenario.detected().isPresent()) {
      othersNotice(fault);
    }
    Patience.pass(scenario.lasts().minusNanos(System.nanoTime() - fault));
    if (scenario.fault() == Scenario.Fault.CUT) {
      require(victims.stream().allMatch(this::seesOnlyItsSide), "the cut-off node noticed nothing");
    }
    long ended = System.nanoTime();
    victims.forEach(end);
    comesBack(ended);
    step(Step.RECONNECTED, ended, arena::settled);
  }

  private void othersNotice(long fault) {
    Set<String> rest = names(survivors);
    stepEach(Step.DETECTED, fault, survivors, this::seesOnlyItsSide);
    long noticed = System.nanoTime();
    Set<String> dead = hurt.stream().map(Session::id).collect(Collectors.toSet());
    Set<String> stays =
        before.entrySet().stream()
            .filter(node -> !rest.contains(node.getKey()))
            .map(Map.Entry::getValue)
            .collect(Collectors.toSet());
    stepEach(Step.GONE, noticed, survivors, node -> knowsNothingOf(node, dead, stays));
  }

  private boolean seesOnlyItsSide(NodeProcess node) {
    Set<String> side = names(victims.contains(node) ? victims : survivors);
    // A silent member is missing in `info` long before it is no member any more.
    return node.api().memberCount() == side.size() && node.api().members().keySet().equals(side);
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
    stepEach(
        Step.BACK,
        from,
        arena.nodes(),
        node -> node.api().ready() && node.api().members().keySet().equals(all));
    arena.learn(arena.nodes().getFirst().api().members());
  }

  private void routesAreEqual() {
    arena.launchVisitors(victims.getFirst());
    long from = System.nanoTime();
    step(Step.EQUAL, from, () -> arena.settled() && Routes.equal(routes()));
    disturbedUntil = System.currentTimeMillis();
  }

  private List<Routes> routes() {
    return arena.nodes().stream().flatMap(node -> node.api().routes().stream()).toList();
  }

  private Tally reachEverybody() {
    arena.publishers().forEach(Publisher::pause);
    long from = System.nanoTime();
    var rounds =
        arena.publishers().stream()
            .map(publisher -> CompletableFuture.runAsync(publisher::publishToAll))
            .toList();
    rounds.forEach(CompletableFuture::join);
    step(Step.REACHED, from, () -> tally().lost() == 0);
    Patience.pass(SILENCE);
    return tally();
  }

  private Tally tally() {
    var sent =
        arena.publishers().stream().map(Publisher::sent).flatMap(Collection::stream).toList();
    var disturbed =
        numbers(victims).stream()
            .map(node -> new Disturbance(node, disturbedFrom, disturbedUntil))
            .toList();
    return new Ledger(sent, arena.log().sessions(), arena::nodeOf, disturbed).tally();
  }

  private void judge(Tally tally) {
    require(tally.accepted() > 0 && tally.delivered() > 0, "nothing was delivered");
    require(tally.lost() == 0, tally.lost() + " lost");
    require(tally.duplicates() == 0, tally.duplicates() + " duplicates");
    require(tally.reordered() == 0, tally.reordered() + " reordered");
    require(tally.stale() == 0, tally.stale() + " stale");
  }

  /// How the victims' sessions had to end.
  private void checkCodes() {
    arena.log();
    var codes =
        hurt.stream().collect(Collectors.groupingBy(Session::endCode, Collectors.counting()));
    switch (scenario.fault()) {
      case KILL, CUT -> require(hurt.stream().noneMatch(Session::open), "a session did not end");
      case TERMINATE ->
          require(codes.keySet().equals(Set.of(CLOSE_SHUTDOWN)), "sessions ended with " + codes);
      case STOP ->
          require(
              hurt.stream().noneMatch(Session::open) == scenario.detected().isPresent(),
              "sessions ended with " + codes);
    }
    if (scenario.detected().isEmpty()) {
      require(arena.nodes().getFirst().api().members().equals(before), "a node rejoined");
    }
  }

  private long warnings() {
    return arena.nodes().stream().mapToLong(NodeProcess::warnings).sum();
  }

  private void step(Step step, long from, BooleanSupplier condition) {
    Duration limit = step.limit(scenario);
    // Twice the limit, to say how late it was.
    boolean done = Patience.until(remaining(limit.multipliedBy(2), from), condition).isPresent();
    record(step, from, done);
  }

  private void stepEach(
      Step step, long from, List<NodeProcess> nodes, Predicate<NodeProcess> holds) {
    Duration limit = remaining(step.limit(scenario).multipliedBy(2), from);
    record(step, from, Patience.untilEach(limit, nodes, holds).isPresent());
  }

  private static Duration remaining(Duration limit, long from) {
    Duration left = limit.minusNanos(System.nanoTime() - from);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private void record(Step step, long from, boolean done) {
    var time = Duration.ofNanos(System.nanoTime() - from);
    if (done) {
      times.put(step, time);
    }
    boolean inTime = done && time.compareTo(step.limit(scenario)) <= 0;
    String how = done ? "after %.2f s".formatted(time.toMillis() / 1e3) : "not at all";
    require(inTime, step.name().toLowerCase(Locale.ROOT) + " " + how);
  }

  private void require(boolean holds, String failure) {
    if (!holds) {
      failures.add(failure);
    }
  }

  private static Set<String> names(List<NodeProcess> nodes) {
    return nodes.stream().map(NodeProcess::name).collect(Collectors.toSet());
  }

  private static Set<Integer> numbers(List<NodeProcess> nodes) {
    return nodes.stream().map(NodeProcess::number).collect(Collectors.toSet());
  }
}
