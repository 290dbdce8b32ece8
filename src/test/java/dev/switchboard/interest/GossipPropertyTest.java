package dev.switchboard.interest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.interest.InterestNews.Delta;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/// One node tells two peers, whatever happens in whatever order.
class GossipPropertyTest {
  /// What happens next.
  private sealed interface Event {
    record Claim(long hash, int loop) implements Event {}

    record Release(long hash, int loop) implements Event {}

    record EndTurn() implements Event {}

    record Pump(int peer, int room) implements Event {}

    record Deliver(int peer, int items) implements Event {}

    record Reopen(int peer, boolean lostCopy) implements Event {}

    record Compare(int peer) implements Event {}

    record Corrupt(int peer, long hash) implements Event {}
  }

  /// The node and its peers.
  private static final class Network {
    final LocalInterest local = new LocalInterest();
    final List<Mirror> peers = List.of(new Mirror(local), new Mirror(local));

    /// The version from which on peers must know a hash.
    final Map<Long, Long> since = new HashMap<>();

    void on(Event event) {
      switch (event) {
        case Event.Claim(long hash, int loop) -> {
          if (local.add(hash, loop)) {
            since.put(hash, local.claimVersion());
          }
        }
        case Event.Release(long hash, int loop) -> {
          if (local.remove(hash, loop)) {
            since.remove(hash);
          }
        }
        case Event.EndTurn() -> {
          Delta delta = local.endTurn();
          peers.forEach(peer -> peer.outbox.onChange(delta));
        }
        case Event.Pump(int peer, int room) -> peers.get(peer).pump(room);
        case Event.Deliver(int peer, int items) -> peers.get(peer).deliver(items);
        case Event.Reopen(int peer, boolean lostCopy) -> peers.get(peer).open(lostCopy);
        case Event.Compare(int peer) -> peers.get(peer).compare();
        case Event.Corrupt(int peer, long hash) -> corrupt(peers.get(peer).copy, hash);
      }
    }

    private static void corrupt(PeerInterest copy, long hash) {
      long[] one = {hash};
      long[] none = {};
      copy.onDelta(copy.contains(hash) ? new Delta(none, one) : new Delta(one, none));
    }

    void settle() {
      on(new Event.EndTurn());
      peers.forEach(Mirror::settle);
    }

    void assertPeersKnowWhatTheyAcknowledged() {
      for (Mirror peer : peers) {
        assertThat(since.keySet().stream().filter(hash -> mustKnow(peer, hash)))
            .allMatch(peer.copy::contains);
      }
    }

    private boolean mustKnow(Mirror peer, long hash) {
      return since.get(hash) <= peer.acknowledged.version();
    }
  }

  @Provide
  Arbitrary<List<Event>> events() {
    return sound().list().ofMaxSize(150);
  }

  @Provide
  Arbitrary<List<Event>> eventsWithCorruption() {
    Arbitrary<Event> corrupt = Combinators.combine(peer(), Hashes.few()).as(Event.Corrupt::new);
    return Arbitraries.frequencyOf(Tuple.of(9, sound()), Tuple.of(1, corrupt))
        .list()
        .ofMaxSize(150);
  }

  private static Arbitrary<Event> sound() {
    var loop = Arbitraries.of(0, 1);
    var some = Arbitraries.of(0, 1, 2, 3, Mirror.PLENTY);
    Arbitrary<Event> claim = Combinators.combine(Hashes.few(), loop).as(Event.Claim::new);
    Arbitrary<Event> release = Combinators.combine(Hashes.few(), loop).as(Event.Release::new);
    Arbitrary<Event> pump = Combinators.combine(peer(), some).as(Event.Pump::new);
    Arbitrary<Event> deliver = Combinators.combine(peer(), some).as(Event.Deliver::new);
    Arbitrary<Event> reopen =
        Combinators.combine(peer(), Arbitraries.of(true, false)).as(Event.Reopen::new);
    return Arbitraries.frequencyOf(
        Tuple.of(8, claim),
        Tuple.of(8, release),
        Tuple.of(4, Arbitraries.create(Event.EndTurn::new)),
        Tuple.of(8, pump),
        Tuple.of(4, deliver),
        Tuple.of(1, reopen),
        Tuple.of(1, peer().map(Event.Compare::new)));
  }

  private static Arbitrary<Integer> peer() {
    return Arbitraries.of(0, 1);
  }

  @Property(tries = 3000)
  void aPeerKnowsWhatItAcknowledgedAndInTheEndAll(@ForAll("events") List<Event> events) {
    // Given
    var network = new Network();
    network.peers.forEach(peer -> peer.open(true));

    // When
    for (Event event : events) {
      network.on(event);
      network.assertPeersKnowWhatTheyAcknowledged();
    }
    network.settle();

    // Then
    for (Mirror peer : network.peers) {
      peer.assertEquals(network.local);
      assertThat(peer.outbox.complete()).isTrue();
      assertThat(peer.acknowledged.version()).isEqualTo(network.local.version());
    }
  }

  @Property(tries = 1000)
  void aDigestRepairsWhatWentWrong(@ForAll("eventsWithCorruption") List<Event> events) {
    // Given
    var network = new Network();
    network.peers.forEach(peer -> peer.open(true));
    events.forEach(network::on);
    network.settle();

    // When
    network.peers.forEach(Mirror::compare);
    network.peers.forEach(peer -> peer.deliver(Mirror.PLENTY));
    network.settle();

    // Then
    assertThat(network.peers).allSatisfy(peer -> peer.assertEquals(network.local));
  }
}
