package dev.switchboard.simulation;

import dev.switchboard.link.BadLinkMessageException.Reason;
import dev.switchboard.peer.PeerMeters;
import dev.switchboard.peer.PeerView;
import dev.switchboard.simulation.Tally.Count;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// One run of a cluster, all of it decided by a seed: faults, convergence, calm, rest.
final class Schedule {
  private static final long SETTLED_WITHIN = 60 * Timeline.SECOND;
  private static final long CONVERGED_WITHIN = 10 * Timeline.SECOND;
  private static final long CALM = 3 * Timeline.SECOND;
  private static final long QUIET = 2 * Timeline.SECOND;

  private final World world;
  private final Trace trace;

  private Schedule(World world, Trace trace) {
    this.world = world;
    this.trace = trace;
  }

  /// How a schedule ended.
  ///
  /// @param violation null when all invariants held
  record Outcome(long seed, Tally tally, Violation violation, String story) {}

  static Outcome run(long seed, Planted planted, Trace trace) {
    var schedule = new Schedule(new World(seed, planted, trace), trace);
    return schedule.run(seed);
  }

  private Outcome run(long seed) {
    Violation violation = null;
    try {
      run();
    } catch (Violation found) {
      violation = found;
    } catch (RuntimeException surprise) {
      violation = new Violation(Invariant.NO_SURPRISE, surprise.toString());
      violation.initCause(surprise);
    }
    if (violation != null) {
      tellState();
    }
    Tally tally = world.tally();
    tally.add(Count.SCHEDULES);
    tally.add(Count.STEPS, world.time().steps());
    tally.add(Count.VIRTUAL_SECONDS, world.time().now() / Timeline.SECOND);
    return new Outcome(seed, tally, violation, trace.last());
  }

  private void tellState() {
    for (SimNode node : world.nodes()) {
      world.trace(() -> "%s%s".formatted(node, node.paused() ? " sleeps" : ""));
      for (PeerView view : node.peers().views()) {
        world.trace(() -> "  of %s: %s".formatted(World.name(view.incarnation()), view));
      }
    }
  }

  private void run() {
    Timeline time = world.time();
    world.trace(() -> world.plan().toString());
    var faults = new Faults(world);
    time.runUntil(world.plan().active());
    faults.end();
    world.trace(() -> "NO MORE FAULTS");
    settle();
    world.trace(() -> "ALL TOGETHER");
    long settled = time.now();
    time.runUntil(settled + CONVERGED_WITHIN - QUIET);
    world.busy(false);
    time.runUntil(settled + CONVERGED_WITHIN);
    world.trace(() -> "CALM");
    checkRoutes();
    checkPresence();
    world.invariants().calm();
    world.busy(true);
    time.runUntil(time.now() + CALM);
    world.busy(false);
    time.runUntil(time.now() + QUIET);
    world.trace(() -> "REST");
    checkRoutes();
    checkPresence();
    checkWindows();
    world.invariants().checkNothingWaits();
    world.ledger().close();
    for (SimNode node : world.nodes()) {
      PeerMeters meters = node.meters();
      world.tally().add(Count.FENCED, meters.fenced());
      for (Reason reason : Reason.values()) {
        world.tally().add(Count.REFUSED, meters.refused(reason));
      }
    }
  }

  private void settle() {
    long latest = world.time().now() + SETTLED_WITHIN;
    while (!world.members().settled()) {
      world.time().runUntil(world.time().now() + 100 * Timeline.MILLI);
      world
          .invariants()
          .check(world.time().now() < latest, Invariant.NO_SURPRISE, "members do not settle");
    }
  }

  private void checkRoutes() {
    for (SimNode node : world.nodes()) {
      Set<Long> claimed = new TreeSet<>();
      node.loops().forEach(loop -> loop.claimed().forEach(claimed::add));
      check(
          node.peers().interest() == claimed.size(),
          "%s has %d routes for %d",
          node,
          node.peers().interest(),
          claimed.size());
      check(node.ready(), "%s is not ready", node);
      check(node.peers().inStep(), "%s is not in step: %s", node, node.peers().views());
      for (SimNode other : world.nodes()) {
        if (other != node) {
          checkRoutes(node, other, claimed);
        }
      }
    }
  }

  private void checkRoutes(SimNode node, SimNode other, Set<Long> claimed) {
    PeerView view =
        other.peers().views().stream()
            .filter(peer -> peer.incarnation() == node.incarnation())
            .findFirst()
            .orElseThrow();
    check(
        view.open() && view.leaseHeld() && view.leaseGranted(),
        "%s sees %s as %s",
        other,
        node,
        view);
    check(
        view.digest() == node.peers().digest() && view.interest() == claimed.size(),
        "%s knows %d routes of %s, which has %d",
        other,
        view.interest(),
        node,
        claimed.size());
    for (long hash : claimed) {
      check(
          other.peers().interested(hash).contains(node.incarnation()),
          "%s does not know that %s has %016x",
          other,
          node,
          hash);
    }
  }

  private void check(boolean holds, String what, Object... arguments) {
    world.invariants().check(holds, Invariant.ROUTES_CONVERGE, what, arguments);
  }

  /// Every node asks for the presence of every channel.
  private void checkPresence() {
    Map<List<Object>, List<Long>> answers = new LinkedHashMap<>();
    for (SimNode node : world.nodes()) {
      for (long hash : world.channels()) {
        answers.put(List.of(node, hash), Activity.ask(world, node, hash, false));
        world.time().runUntil(world.time().now() + 10 * Timeline.MILLI);
      }
    }
    world.time().runUntil(world.time().now() + Timeline.SECOND);
    answers.forEach((asked, found) -> checkPresence((SimNode) asked.get(0), asked.get(1), found));
    for (SimNode node : world.nodes()) {
      for (long hash : world.channels()) {
        node.presence().checkAtRest(hash);
      }
    }
  }

  private void checkPresence(SimNode node, Object hash, List<Long> found) {
    List<Long> expected = new ArrayList<>();
    for (SimNode other : world.nodes()) {
      if (other != node) {
        other.loops().forEach(loop -> expected.addAll(loop.present((long) hash)));
      }
    }
    world
        .invariants()
        .check(
            found.size() == expected.size() && found.containsAll(expected),
            Invariant.PRESENCE_CONVERGES,
            "%s finds %s, present are %s",
            node,
            found,
            expected);
  }

  private void checkWindows() {
    Set<SimNode> full = new HashSet<>(world.nodes());
    for (int i = 0; i < 100 && !full.isEmpty(); i++) {
      world.time().runUntil(world.time().now() + 10 * Timeline.MILLI);
      full.removeIf(node -> node.peers().windowsUsed() == 0);
    }
    world
        .invariants()
        .check(full.isEmpty(), Invariant.BOUNDED, "windows of %s do not become empty", full);
  }
}
