package dev.switchboard.simulation;

import dev.switchboard.simulation.Tally.Count;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/// Who is a member of which cluster, as Hazelcast would have it, and when nodes learn of it.
///
/// There is one cluster unless somebody was expelled; the nodes of the smaller ones join the
/// largest again, one by one and with new incarnations, when they can reach it.
final class Members {
  private static final long LEARNED_AFTER = 2 * Timeline.SECOND;

  private final World world;
  private final Chance chance;
  private final List<Side> sides = new ArrayList<>();
  private long versions;

  Members(World world) {
    this.world = world;
    this.chance = world.dice();
    checkMerge();
  }

  /// A cluster: those that are members together.
  private static final class Side {
    private final Map<SimNode, Long> incarnations = new LinkedHashMap<>();
    private long version;
  }

  /// What a node learns about its cluster.
  ///
  /// @param version so that older news does not replace newer
  record News(long version, long own, Set<Long> others) {}

  /// A new process becomes a member.
  void join(SimNode node) {
    Side side = largest();
    if (side == null) {
      side = new Side();
      sides.add(side);
    }
    admit(node, side);
    node.start(news(side, node));
  }

  private void admit(SimNode node, Side side) {
    long incarnation = chance.number();
    world.bus().register(incarnation, node);
    side.incarnations.put(node, incarnation);
    world.trace(() -> "%s joins as %s".formatted(node, World.name(incarnation)));
    changed(side);
  }

  /// A process is found dead, or has left.
  void remove(SimNode node) {
    for (Side side : sides) {
      if (side.incarnations.remove(node) != null) {
        changed(side);
      }
    }
    sides.removeIf(side -> side.incarnations.isEmpty());
  }

  /// Those on one side of a cut, and only they, remain members with each other.
  void split(Predicate<SimNode> there) {
    for (Side side : List.copyOf(sides)) {
      var apart = new Side();
      for (SimNode node : List.copyOf(side.incarnations.keySet())) {
        if (there.test(node)) {
          apart.incarnations.put(node, side.incarnations.remove(node));
        }
      }
      if (apart.incarnations.isEmpty() || side.incarnations.isEmpty()) {
        side.incarnations.putAll(apart.incarnations);
        continue;
      }
      world.tally().add(Count.EXPULSIONS);
      sides.add(apart);
      changed(side);
      changed(apart);
    }
  }

  /// One node forgets another for a while and then sees it again, unchanged.
  void flap(SimNode node, SimNode other, long forHowLong) {
    Side side = sideOf(node);
    Long incarnation = side == null ? null : side.incarnations.get(other);
    if (incarnation == null) {
      return;
    }
    world.tally().add(Count.FLAPS);
    News without = news(side, node);
    without.others.remove(incarnation);
    node.learn(without);
    world.time().after(forHowLong, () -> tell(node));
  }

  /// Whether all are together, and know it.
  boolean settled() {
    if (sides.size() != 1) {
      return false;
    }
    Side side = sides.getFirst();
    return side.incarnations.size() == world.nodes().size()
        && world.nodes().stream()
            .allMatch(node -> side.incarnations.containsKey(node) && node.knows(news(side, node)));
  }

  private Side largest() {
    return sides.stream()
        .max(Comparator.comparingInt(side -> side.incarnations.size()))
        .orElse(null);
  }

  private Side sideOf(SimNode node) {
    return sides.stream()
        .filter(side -> side.incarnations.containsKey(node))
        .findFirst()
        .orElse(null);
  }

  private News news(Side side, SimNode node) {
    Set<Long> others = new TreeSet<>(side.incarnations.values());
    others.remove(side.incarnations.get(node));
    return new News(side.version, side.incarnations.get(node), others);
  }

  private void changed(Side side) {
    side.version = ++versions;
    for (SimNode node : side.incarnations.keySet()) {
      long delay = chance.spread(Timeline.MILLI, LEARNED_AFTER);
      News news = news(side, node);
      world.time().after(delay, () -> deliver(node, news));
    }
  }

  private void deliver(SimNode node, News news) {
    if (node.paused()) {
      // What it sees after waking takes a while to be noticed.
      world.time().after(chance.between(0, Timeline.SECOND), () -> deliver(node, news));
    } else {
      node.learn(news);
    }
  }

  /// Tells a node again what it may have been told wrongly.
  private void tell(SimNode node) {
    Side side = sideOf(node);
    if (side != null && node.alive()) {
      side.version = ++versions;
      deliver(node, news(side, node));
    }
  }

  /// From time to time the nodes of a smaller cluster look for a larger one.
  private void checkMerge() {
    world.time().after(chance.between(Timeline.SECOND, 5 * Timeline.SECOND), this::checkMerge);
    Side main = largest();
    for (Side side : List.copyOf(sides)) {
      for (SimNode node : List.copyOf(side.incarnations.keySet())) {
        if (side != main && reaches(node, main)) {
          world.tally().add(Count.MERGES);
          side.incarnations.remove(node);
          changed(side);
          admit(node, main);
        }
      }
    }
    sides.removeIf(side -> side.incarnations.isEmpty());
  }

  private boolean reaches(SimNode node, Side main) {
    return !node.paused()
        && main.incarnations.keySet().stream()
            .noneMatch(
                other -> world.bus().blocked(node, other) || world.bus().blocked(other, node));
  }
}
