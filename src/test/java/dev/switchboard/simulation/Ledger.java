package dev.switchboard.simulation;

import dev.switchboard.simulation.Tally.Count;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/// What was published, who has to get it, and what may have come in between.
final class Ledger {
  // Until a node that runs has dropped what is too old, or another one that is silent.
  private static final long NOTICED_WITHIN = 15 * Timeline.SECOND;

  private final World world;
  private final List<Publication> publications = new ArrayList<>();
  private final Map<Ends, NavigableSet<Long>> disturbed = new HashMap<>();
  private long sessions;

  Ledger(World world) {
    this.world = world;
  }

  /// What one incarnation sees of another; 0 for any.
  private record Ends(long at, long with) {}

  long nextSession() {
    return ++sessions;
  }

  Publication publication(SimNode publisher, long hash) {
    var publication = new Publication(publications.size(), publisher, hash, world.time().now());
    publications.add(publication);
    return publication;
  }

  byte[] write(Publication publication, int bytes) {
    return ByteBuffer.allocate(Math.max(bytes, Integer.BYTES)).putInt(publication.id()).array();
  }

  Publication read(byte[] bytes) {
    return publications.get(ByteBuffer.wrap(bytes).getInt());
  }

  /// A publication is accepted and goes to these nodes: who is subscribed there must get it.
  void expect(Publication publication, List<Long> interested) {
    for (SimNode node : world.nodes()) {
      if (interested.contains(node.incarnation())) {
        for (SimLoop loop : node.loops()) {
          loop.subscribers(publication.hash()).stream()
              .filter(Subscriber::established)
              .forEach(publication.expecting()::add);
        }
      }
    }
  }

  /// The node is another one, or no more.
  void disturbed(SimNode node) {
    disturbed(node, 0);
  }

  /// The node knows that publications to or from this peer may be lost.
  void disturbed(SimNode node, long peer) {
    var ends = new Ends(node.incarnation(), peer);
    disturbed.computeIfAbsent(ends, any -> new TreeSet<>()).add(world.time().now());
  }

  private boolean disturbed(Publication publication, Subscriber subscriber, long at, long with) {
    SimNode receiver = subscriber.session().node();
    long since = publication.acceptedAt();
    long awake = Math.max(publication.publisher().wokeAt(), receiver.wokeAt());
    NavigableSet<Long> times = disturbed.get(new Ends(at, with));
    Long next = times == null ? null : times.ceiling(since);
    return next != null && next <= Math.max(since, awake) + NOTICED_WITHIN;
  }

  /// Looks at what has not arrived, when nothing can come any more.
  void close() {
    for (Publication publication : publications) {
      for (Subscriber subscriber : publication.expecting()) {
        if (!subscriber.ended()) {
          world.tally().add(Count.MISSED);
          check(publication, subscriber);
        }
      }
    }
  }

  private void check(Publication publication, Subscriber subscriber) {
    long publisher = publication.incarnation();
    long receiver = subscriber.session().incarnation();
    boolean excused =
        disturbed(publication, subscriber, publisher, 0)
            || disturbed(publication, subscriber, receiver, 0)
            || disturbed(publication, subscriber, publisher, receiver)
            || disturbed(publication, subscriber, receiver, publisher);
    if (!excused) {
      throw new Violation(
          Invariant.LOSS_ANNOUNCED,
          "%s, accepted at %,d us, did not reach %s"
              .formatted(publication, publication.acceptedAt() / Timeline.MICRO, subscriber));
    }
  }
}
