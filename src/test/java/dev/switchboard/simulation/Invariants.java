package dev.switchboard.simulation;

import dev.switchboard.peer.PeerView;
import dev.switchboard.peer.Reservation;
import dev.switchboard.simulation.Tally.Count;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Checks what must hold while a schedule runs; throws a [Violation] when it does not.
final class Invariants {
  /// How long a task of a node that runs may be on its way from thread to thread.
  static final long HOP_MAX = 20 * Timeline.MILLI;

  private static final long LEASE = Plan.LEASE.toNanos();
  private static final long TICK = Plan.TICK.toNanos();
  private static final long AGE_MAX = Plan.AGE_MAX.toNanos();

  // Link time is counted in microseconds.
  private static final long ROUNDING = 2 * Timeline.MICRO;

  // A grant is given for as long as half a lease without acknowledgement, and lasts one.
  private static final long CONFIRMED_WITHIN = LEASE + LEASE / 2 + 4 * TICK;

  // A control message, and what a batch has around its items.
  private static final long BUS_EXTRA = 1_024;

  private final World world;
  private final Map<SimNode, Deque<Waiting>> claims = new HashMap<>();
  private final Map<SimNode, Deque<Waiting>> questions = new HashMap<>();
  private final Chance chance;
  private long calmSince = Long.MAX_VALUE;

  Invariants(World world) {
    this.world = world;
    this.chance = world.dice();
  }

  /// Something that must come to an end.
  private static final class Waiting {
    private final long since;
    private final long what;
    private boolean over;

    Waiting(long since, long what) {
      this.since = since;
      this.what = what;
    }
  }

  /// The weather is good, and all nodes have had time to find each other.
  void calm() {
    calmSince = world.time().now();
  }

  void check(boolean holds, Invariant invariant, String what, Object... arguments) {
    if (!holds) {
      throw new Violation(invariant, what.formatted(arguments));
    }
  }

  // ---- publications

  void onReserved(SimNode node, Reservation reservation) {
    boolean busy = reservation instanceof Reservation.Busy;
    long gap = world.time().now() - node.tickedAt();
    check(
        busy || gap <= LEASE + TICK || node.peers().members().isEmpty(),
        Invariant.NO_STALE_PUBLISHER,
        "%s accepts a publication %,d us after its last tick",
        node,
        gap / Timeline.MICRO);
    check(
        busy || !node.left() || node.peers().members().isEmpty(),
        Invariant.NO_STALE_PUBLISHER,
        "%s accepts a publication after it said good-bye",
        node);
    check(
        !busy || !isCalm() || world.plan().isCrowded(),
        Invariant.CALM_LOSES_NOTHING,
        "%s is busy",
        node);
  }

  void onTaken(SimNode node, Publication publication) {
    long age = world.time().now() - publication.sentAt();
    check(
        node.view().contains(publication.incarnation()),
        Invariant.NO_STALE_INCARNATION,
        "%s takes %s, which is no member",
        node,
        publication);
    check(
        age <= AGE_MAX + ROUNDING,
        Invariant.NO_LATE_PUBLICATION,
        "%s takes %s, sent %,d us ago",
        node,
        publication,
        age / Timeline.MICRO);
  }

  void onDelivered(Subscriber subscriber, Publication publication, long own, long takenAt) {
    SimNode node = subscriber.session().node();
    check(
        subscriber.session().incarnation() == own,
        Invariant.NO_STALE_INCARNATION,
        "%s of %s gets %s as %s",
        subscriber,
        World.name(subscriber.session().incarnation()),
        publication,
        World.name(own));
    check(
        world.time().now() - takenAt <= HOP_MAX + TICK || node.wokeAt() >= takenAt,
        Invariant.NO_LATE_PUBLICATION,
        "%s lies on %s",
        publication,
        node);
    long last = subscriber.noteOrder(publication.incarnation(), publication.order());
    check(
        last < publication.order(),
        Invariant.ONCE_IN_ORDER,
        "%s gets %s after number %d",
        subscriber,
        publication,
        last);
  }

  void onGap(SimNode node, long peer, long publications) {
    check(
        !isCalm(),
        Invariant.CALM_LOSES_NOTHING,
        "%s says that %d are lost with %s",
        node,
        publications,
        World.name(peer));
  }

  private boolean isCalm() {
    return world.time().now() > calmSince;
  }

  // ---- the subscribe-reply rule

  void onEstablished(SimNode node, long hash) {
    for (SimNode other : world.nodes()) {
      checkRule(other, node, hash);
    }
  }

  /// Whether a node knows all others with subscribers of a channel.
  void checkRule(SimNode node, long hash) {
    for (SimNode other : world.nodes()) {
      if (other.established(hash)) {
        checkRule(node, other, hash);
      }
    }
  }

  private void checkRule(SimNode node, SimNode other, long hash) {
    if (node == other
        || node.paused()
        || node.left()
        || other.left()
        || !node.inOneViewWith(other)) {
      return;
    }
    world.tally().add(Count.RULE_CHECKS);
    check(
        node.peers().interested(hash).contains(other.incarnation()) || !node.holdsLeaseOf(other),
        Invariant.SUBSCRIBE_REPLY_RULE,
        "%s relies on %s, and does not know of %016x",
        node,
        other,
        hash);
  }

  // ---- what has to end

  /// @return to be run when it is confirmed
  Runnable onClaim(SimNode node, long hash) {
    return waiting(claims, node, hash);
  }

  /// @return to be run when there is a reply
  Runnable onAsked(SimNode node, long peer) {
    return waiting(questions, node, peer);
  }

  private Runnable waiting(Map<SimNode, Deque<Waiting>> queues, SimNode node, long what) {
    var waiting = new Waiting(world.time().now(), what);
    queues.computeIfAbsent(node, any -> new ArrayDeque<>()).add(waiting);
    return () -> {
      check(!waiting.over, Invariant.QUESTIONS_ANSWERED, "%s, %x, twice", node, what);
      waiting.over = true;
    };
  }

  /// Takes what is over off the queue.
  ///
  /// @return the oldest that is not over, or null
  private static Waiting oldest(Deque<Waiting> queue) {
    while (queue != null && !queue.isEmpty() && queue.peek().over) {
      queue.remove();
    }
    return queue == null ? null : queue.peek();
  }

  private void checkEnd(SimNode node, Waiting oldest, long within, Invariant invariant) {
    if (oldest != null) {
      long waited = world.time().now() - Math.max(oldest.since, node.wokeAt());
      check(
          waited <= within,
          invariant,
          "%s waits for %x for %,d us",
          node,
          oldest.what,
          waited / Timeline.MICRO);
    }
  }

  // ---- from time to time

  void onTick(SimNode node) {
    checkEnd(node, oldest(claims.get(node)), CONFIRMED_WITHIN, Invariant.CLAIMS_CONFIRMED);
    long timeout = world.plan().settings().questionTimeout().toNanos();
    checkEnd(node, oldest(questions.get(node)), timeout + 2 * TICK, Invariant.QUESTIONS_ANSWERED);
    for (PeerView peer : node.peers().views()) {
      check(
          peer.windowUsed() >= 0 && peer.windowUsed() <= world.plan().windowBytes(),
          Invariant.BOUNDED,
          "%s uses %,d bytes of its window",
          node,
          peer.windowUsed());
    }
    if (chance.once(0.3)) {
      checkRules(node);
    }
  }

  private void checkRules(SimNode node) {
    for (SimNode other : world.nodes()) {
      for (SimLoop loop : other.loops()) {
        List<Long> established = loop.established();
        // All of a few, some of many.
        int stride = 1 + established.size() / 10;
        for (int i = 0; i < established.size(); i += stride) {
          checkRule(node, other, established.get(i));
        }
      }
    }
  }

  void onQuestion(SimNode node, long asker) {
    check(
        node.view().contains(asker),
        Invariant.NO_STALE_INCARNATION,
        "%s is asked by %s, which is no member",
        node,
        World.name(asker));
  }

  /// @param unwritten what the bus holds for a peer
  void onUnwritten(SimNode node, long peer, int unwritten) {
    check(
        unwritten <= world.plan().windowBytes() / 2 + BUS_EXTRA,
        Invariant.BOUNDED,
        "%s leaves %,d bytes to the bus for %s",
        node,
        unwritten,
        World.name(peer));
  }

  /// Whether nothing waits to be confirmed or answered.
  void checkNothingWaits() {
    for (SimNode node : world.nodes()) {
      check(
          oldest(claims.get(node)) == null,
          Invariant.CLAIMS_CONFIRMED,
          "%s waits at the end",
          node);
      check(
          oldest(questions.get(node)) == null,
          Invariant.QUESTIONS_ANSWERED,
          "%s waits at the end",
          node);
    }
  }
}
