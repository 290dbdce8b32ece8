package dev.switchboard.simulation;

import dev.switchboard.simulation.Tally.Count;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What goes wrong, and when; and what mends it.
final class Faults {
  private static final int NODES_MAX = 6;
  private static final long EXPELLED_AFTER = 10 * Timeline.SECOND;
  private static final long CALM_LATENCY = 2 * Timeline.MILLI;

  private final World world;
  private final Timeline time;
  private final Chance chance;
  private final List<Runnable> mending = new ArrayList<>();
  private int slots;
  private boolean over;
  private boolean parted;

  Faults(World world) {
    this.world = world;
    this.time = world.time();
    this.chance = world.dice();
    for (int i = 0; i < world.plan().nodes(); i++) {
      time.after(chance.spread(Timeline.MILLI, 3 * Timeline.SECOND), this::startNode);
    }
    next();
  }

  private void next() {
    time.after(
        chance.untilNext(world.plan().faultPause()),
        () -> {
          if (!over) {
            one();
            next();
          }
        });
  }

  private void startNode() {
    var node = new SimNode(world, slots++);
    world.nodes().add(node);
    world.members().join(node);
    new Activity(world, node);
  }

  /// No more faults: everything that is broken is mended now, or soon.
  void end() {
    over = true;
    List.copyOf(mending).forEach(Runnable::run);
    world.bus().weather(Weather.fair(Math.min(CALM_LATENCY, world.plan().weather().latency())));
  }

  private void one() {
    if (world.nodes().isEmpty()) {
      return;
    }
    SimNode node = chance.of(world.nodes());
    SimNode other = chance.of(world.nodes());
    switch (chance.below(16)) {
      case 0 -> kill(node);
      case 1, 2 -> pause(node, chance.spread(100 * Timeline.MILLI, 9 * Timeline.SECOND));
      case 3, 4 -> pause(node, chance.spread(8 * Timeline.SECOND, 30 * Timeline.SECOND));
      case 5, 6 -> part(chance.spread(Timeline.SECOND, 30 * Timeline.SECOND));
      case 7, 8 -> stall(node, other, chance.spread(10 * Timeline.MILLI, 8 * Timeline.SECOND));
      case 9, 10 -> world.bus().breakConnection(node, other);
      case 11 -> leave(node);
      case 12 -> join();
      case 13 -> flap(node, other);
      default -> storm();
    }
  }

  /// Runs when the time is over, or when all faults are.
  private void mendAfter(long delay, Runnable mend) {
    var once =
        new Runnable() {
          @Override
          public void run() {
            if (mending.remove(this)) {
              mend.run();
            }
          }
        };
    mending.add(once);
    time.after(delay, once);
  }

  private void kill(SimNode node) {
    if (node.paused()) {
      return;
    }
    world.tally().add(Count.KILLS);
    world.trace(() -> "KILL " + node);
    node.die();
    long found = chance.spread(300 * Timeline.MILLI, EXPELLED_AFTER);
    time.after(found, () -> world.members().remove(node));
    mendAfter(chance.spread(500 * Timeline.MILLI, 20 * Timeline.SECOND), this::startNode);
  }

  private void pause(SimNode node, long forHowLong) {
    if (node.paused() || node.leaving()) {
      return;
    }
    world.tally().add(Count.PAUSES);
    world.trace(() -> "PAUSE %s for %,d us".formatted(node, forHowLong / Timeline.MICRO));
    long since = time.now();
    node.pause();
    mendAfter(
        forHowLong,
        () -> {
          world.trace(() -> "WAKE " + node);
          node.wake();
        });
    time.after(
        EXPELLED_AFTER + chance.between(0, Timeline.SECOND),
        () -> {
          if (node.paused() && time.now() - since >= EXPELLED_AFTER) {
            world.trace(() -> "EXPELLED " + node);
            world.members().split(one -> one == node);
          }
        });
  }

  private void part(long forHowLong) {
    if (parted) {
      return;
    }
    Set<SimNode> there = new HashSet<>();
    for (SimNode node : world.nodes()) {
      if (chance.once(0.4)) {
        there.add(node);
      }
    }
    if (there.isEmpty() || there.size() == world.nodes().size()) {
      return;
    }
    parted = true;
    world.tally().add(Count.PARTITIONS);
    world.trace(() -> "PARTITION of %d for %,d us".formatted(there.size(), forHowLong / 1_000));
    List<Runnable> heals = new ArrayList<>();
    for (SimNode one : List.copyOf(world.nodes())) {
      for (SimNode other : List.copyOf(world.nodes())) {
        if (there.contains(one) != there.contains(other)) {
          world.bus().block(one, other);
          heals.add(() -> world.bus().unblock(one, other));
        }
      }
    }
    long since = time.now();
    mendAfter(
        forHowLong,
        () -> {
          world.trace(() -> "HEAL");
          parted = false;
          heals.forEach(Runnable::run);
        });
    time.after(
        EXPELLED_AFTER + chance.between(0, Timeline.SECOND),
        () -> {
          if (parted && time.now() - since >= EXPELLED_AFTER && forHowLong > EXPELLED_AFTER) {
            world.trace(() -> "SPLIT");
            world.members().split(there::contains);
          }
        });
  }

  private void stall(SimNode from, SimNode to, long forHowLong) {
    if (from == to) {
      return;
    }
    world.tally().add(Count.STALLS);
    world.trace(() -> "STALL %s to %s for %,d us".formatted(from, to, forHowLong / 1_000));
    world.bus().block(from, to);
    mendAfter(forHowLong, () -> world.bus().unblock(from, to));
  }

  private void leave(SimNode node) {
    if (node.leaving() || node.paused()) {
      return;
    }
    world.tally().add(Count.LEAVES);
    world.trace(() -> "LEAVE " + node);
    node.leave();
    mendAfter(chance.spread(2 * Timeline.SECOND, 20 * Timeline.SECOND), this::startNode);
  }

  private void join() {
    if (world.nodes().size() < NODES_MAX) {
      world.tally().add(Count.JOINS);
      startNode();
    }
  }

  private void flap(SimNode node, SimNode other) {
    if (node != other && node.view().contains(other.incarnation())) {
      world.trace(() -> "FLAP %s forgets %s".formatted(node, other));
      world.members().flap(node, other, chance.spread(Timeline.MILLI, 3 * Timeline.SECOND));
    }
  }

  private void storm() {
    world.tally().add(Count.STORMS);
    world.trace(() -> "STORM");
    world.bus().weather(Weather.chaos(chance));
    mendAfter(
        chance.spread(100 * Timeline.MILLI, 10 * Timeline.SECOND),
        () -> world.bus().weather(world.plan().weather()));
  }
}
