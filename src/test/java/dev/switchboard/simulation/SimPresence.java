package dev.switchboard.simulation;

import dev.switchboard.presence.Attendance;
import dev.switchboard.presence.Member;
import dev.switchboard.presence.Presence;
import dev.switchboard.presence.PresencePage;
import dev.switchboard.protocol.ClientId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Who is on which channel, on one node: what its loops say, and what it hears. Peer loop.
final class SimPresence {
  private final World world;
  private final SimNode node;
  private final Map<String, Set<ClientId>> joined = new HashMap<>();
  private final Map<String, Set<Integer>> opened = new HashMap<>();

  SimPresence(World world, SimNode node) {
    this.world = world;
    this.node = node;
  }

  private Presence presence() {
    return node.peers().presence();
  }

  private static String name(long hash) {
    return Long.toHexString(hash);
  }

  void open(long hash, int loop) {
    if (world.isChannel(hash)) {
      Set<Integer> loops = opened.computeIfAbsent(name(hash), _ -> new HashSet<>());
      if (loops.isEmpty()) {
        // Who was there before is known without a word.
        joined.remove(name(hash));
      }
      loops.add(loop);
      presence().open(name(hash), hash, loop, true);
    }
  }

  void close(long hash, int loop) {
    if (world.isChannel(hash)) {
      opened.get(name(hash)).remove(loop);
      presence().close(name(hash), loop);
    }
  }

  void join(Subscriber subscriber) {
    if (world.isChannel(subscriber.hash())) {
      var member = new Member(id(subscriber), "user", null, null);
      presence().join(name(subscriber.hash()), member);
    }
  }

  void leave(Subscriber subscriber) {
    if (world.isChannel(subscriber.hash()) && world.planted() != Planted.NO_LEAVE) {
      presence().leave(name(subscriber.hash()), id(subscriber));
    }
  }

  private static ClientId id(Subscriber subscriber) {
    SimSession session = subscriber.session();
    return new ClientId(session.incarnation(), 0, (int) session.id(), session.id());
  }

  // ---- what it hears

  void onJoined(String channel, Member member) {
    check(
        joined.computeIfAbsent(channel, _ -> new HashSet<>()).add(member.id()),
        Invariant.PRESENCE_ALTERNATES,
        "%s hears twice that %s joined %s",
        node,
        member.id(),
        channel);
    check(
        member.id().incarnation() == node.incarnation()
            || node.view().contains(member.id().incarnation()),
        Invariant.NO_STALE_INCARNATION,
        "%s hears of %s, whose node is no member",
        node,
        member.id());
  }

  void onLeft(String channel, Member member) {
    joined.getOrDefault(channel, new HashSet<>()).remove(member.id());
  }

  // ---- at rest

  /// Whoever is subscribed anywhere is known here, and nobody else, if anybody here is.
  void checkAtRest(long hash) {
    if (!node.established(hash)) {
      return;
    }
    Optional<Attendance> found = presence().find(name(hash));
    check(found.isPresent(), Invariant.PRESENCE_CONVERGES, "%s does not know all", node);
    Set<ClientId> expected = new TreeSet<>();
    for (SimNode other : world.nodes()) {
      for (SimLoop loop : other.loops()) {
        loop.subscribers(hash).stream()
            .filter(Subscriber::established)
            .map(SimPresence::id)
            .forEach(expected::add);
      }
    }
    PresencePage all = found.orElseThrow().page(Optional.empty(), Integer.MAX_VALUE);
    Set<ClientId> known = all.members().stream().map(Member::id).collect(Collectors.toSet());
    check(
        known.equals(expected),
        Invariant.PRESENCE_CONVERGES,
        "%s has %s, subscribed are %s",
        node,
        known,
        expected);
  }

  private void check(boolean holds, Invariant invariant, String what, Object... arguments) {
    world.invariants().check(holds, invariant, what, arguments);
  }
}
