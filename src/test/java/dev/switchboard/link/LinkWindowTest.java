package dev.switchboard.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.link.LinkMessage.Batch;
import dev.switchboard.link.LinkMeters.Count;
import dev.switchboard.link.Network.Weather;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What a peer may cost, however stuck it is.
class LinkWindowTest {
  private static final int EIGHTH = Network.WINDOW / 8;
  private static final LinkCodec CODEC = Network.codec();

  @Test
  void publicationsLeaveAnEighthForState() {
    // Given
    Network network = Network.open();
    PeerLink link = network.alice.link;
    int reserved = 0;
    while (link.tryReserve(EIGHTH)) {
      reserved++;
    }

    // When
    boolean offered = network.alice.send(false, EIGHTH - Item.OVERHEAD);
    boolean more = network.alice.send(false, 8);

    // Then
    assertThat(reserved).isEqualTo(7);
    assertThat(offered).isTrue();
    assertThat(more).isFalse();
    assertThat(link.windowUsed()).isEqualTo(Network.WINDOW);
    assertThat(network.alice.meters.count(Count.BUSY)).isEqualTo(1);
  }

  @Test
  void whatIsGivenBackIsFree() {
    // Given
    PeerLink link = Network.open().alice.link;
    link.tryReserve(1_000);

    // When
    link.unreserve(1_000);

    // Then
    assertThat(link.windowUsed()).isZero();
  }

  @Test
  void moreThanHalfAWindowIsNeverTaken() {
    // Given
    PeerLink link = Network.open().alice.link;

    // When
    boolean half = link.tryReserve(Network.WINDOW / 2);
    link.unreserve(Network.WINDOW / 2);
    boolean more = link.tryReserve(Network.WINDOW / 2 + 1);

    // Then
    assertThat(half).isTrue();
    assertThat(more).isFalse();
  }

  @Test
  void whoWasRefusedIsToldOfRoomOnce() {
    // Given
    Network network = Network.open();
    fill(network);
    network.alice.calls.clear();

    // When
    network.run(3_000);

    // Then
    assertThat(network.alice.calls).containsOnlyOnce("room");
    assertThat(network.alice.link.windowUsed()).isZero();
  }

  @Test
  void roomThatOthersGiveBackIsToldWithTheNextTick() {
    // Given
    Network network = Network.open();
    PeerLink link = network.alice.link;
    link.tryReserve(EIGHTH * 4);
    link.tryReserve(EIGHTH * 3);
    network.alice.send(false, EIGHTH);

    // When
    link.unreserve(EIGHTH * 4);
    network.run(300);

    // Then
    assertThat(network.alice.calls).contains("room");
  }

  @Test
  void aStuckPeerCostsAWindowAndAnEighth() {
    // Given
    Network network = Network.open();
    network.weather(Weather.STUCK);

    // When
    for (int at = 0; at < 600; at++) {
      fill(network);
      network.alice.send(true, 100);
      network.alice.link.flush();
      network.run(100);
    }

    // Then
    List<LinkMessage> held =
        network.spoken.stream().filter(one -> one.header().from() == 1).toList();
    long bytes = held.stream().mapToLong(one -> CODEC.encode(one).length).sum();
    assertThat(network.alice.link.windowUsed()).isBetween(EIGHTH * 7L, (long) Network.WINDOW);
    assertThat(network.alice.link.unwritten()).isLessThanOrEqualTo(Network.WINDOW / 8);
    assertThat(held).filteredOn(one -> !(one instanceof Batch)).hasSizeLessThanOrEqualTo(1);
    assertThat(bytes).isLessThan(Network.WINDOW / 8 + 200);
  }

  @Test
  void whatTheTransportWritesMakesWayForTheNext() {
    // Given
    Network network = Network.open();
    network.weather(new Weather(0, 0, 0, 0, 3));

    // When
    for (int at = 0; at < 100; at++) {
      fill(network);
      network.run(50);
    }
    network.run(1_000);

    // Then
    assertThat(network.bob.got).hasSize((int) network.alice.sent).isSorted();
    assertThat(network.alice.meters.count(Count.RESENT)).isZero();
  }

  @Test
  void whatThePeerLacksIsNotRepeatedWhileTheTransportHoldsIt() {
    // Given
    Network network = Network.open();
    network.weather(Weather.STUCK);
    network.alice.say(false, 3);
    network.weather(Weather.FAIR);

    // When
    network.alice.say(false, 1);
    network.run(5_000);

    // Then
    assertThat(network.bob.meters.count(Count.GAPS)).isPositive();
    assertThat(network.alice.meters.count(Count.RESENT)).isZero();
  }

  @Test
  void aFailedWriteIsOnlyForgotten() {
    // Given
    Network network = Network.open();
    network.weather(new Weather(1, 0, 1, 0, 0));
    network.alice.say(false, 2);
    network.run(1);
    long unwritten = network.alice.link.unwritten();
    network.weather(Weather.FAIR);

    // When
    network.run(1_000);

    // Then
    assertThat(unwritten).isZero();
    assertThat(network.alice.meters.count(Count.UNWRITTEN)).isEqualTo(1);
    assertThat(network.bob.got).containsExactly(1L, 2L);
  }

  @Test
  void batchesAreBounded() {
    // Given
    int window = 8 * Outgoing.BATCH_BYTES_MAX;
    Outgoing outgoing = new Outgoing(new Window(window));
    List<Integer> counts = new ArrayList<>();
    for (int item = 0; item < 5; item++) {
      outgoing.add(new Item(true, new byte[Outgoing.BATCH_BYTES_MAX / 3]), 1);
    }
    outgoing.add(new Item(true, new byte[Outgoing.BATCH_BYTES_MAX]), 1);

    // When
    while (outgoing.hasMore()) {
      counts.add(outgoing.take(window, true).entries().size());
    }

    // Then
    assertThat(counts).containsExactly(2, 2, 1, 1);
  }

  @Test
  void reservingFromManyThreadsNeverExceedsTheWindow() {
    // Given
    Window window = new Window(Network.WINDOW);
    List<CompletableFuture<Boolean>> callers = new ArrayList<>();

    // When
    for (int caller = 0; caller < 4; caller++) {
      callers.add(CompletableFuture.supplyAsync(() -> reserveAndRelease(window)));
    }

    // Then
    assertThat(callers).allMatch(CompletableFuture::join);
    assertThat(window.used()).isZero();
  }

  private static boolean reserveAndRelease(Window window) {
    boolean kept = true;
    for (int times = 0; times < 20_000; times++) {
      if (window.reserve(EIGHTH * 3, 8)) {
        kept &= window.used() <= Network.WINDOW;
        window.release(EIGHTH * 3);
      }
    }
    return kept;
  }

  private static void fill(Network network) {
    while (network.alice.send(false, 1_000)) {
      network.alice.calls.add("sent");
    }
  }
}
