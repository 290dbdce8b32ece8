package dev.switchboard.peer;

import static dev.switchboard.peer.Nodes.LEASE;
import static dev.switchboard.peer.Nodes.SETTLED;
import static dev.switchboard.peer.Nodes.WINDOW;
import static dev.switchboard.peer.Nodes.hash;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.peer.Nodes.Node;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whether alice may publish what bob and carol subscribe to.
class RoomTest {
  private Nodes nodes;
  private Node alice;

  @BeforeEach
  void bringInStep() {
    nodes = Nodes.inStep(3);
    alice = nodes.get(0);
    nodes.get(1).claim("news");
    nodes.get(2).claim("news");
    nodes.get(1).claim("of 1");
    nodes.get(2).claim("of 2");
    nodes.run(10);
  }

  private void fill(int peer) {
    while (alice.publish("of " + peer, "x".repeat(1_000))) {
      assertThat(alice.peers.windowsUsed()).isLessThanOrEqualTo(WINDOW);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,2", "2,1"})
  void aFullWindowMakesItBusyForAllAndTakesNoRoomFromTheOthers(int full, int free) {
    // Given
    nodes.cut(alice, nodes.get(full));
    fill(full);
    long used = alice.peers.windowsUsed();

    // When
    for (int attempt = 0; attempt < 1_000; attempt++) {
      assertThat(alice.publish("news", "x".repeat(1_000))).isFalse();
    }

    // Then
    assertThat(alice.view(nodes.get(free)).windowUsed()).isZero();
    assertThat(alice.peers.windowsUsed()).isEqualTo(used);
    nodes.run(10);
    assertThat(nodes.get(free).publications).isEmpty();
    assertThat(alice.publish("of " + free, "there is room")).isTrue();
  }

  @Test
  void roomComesBackWithTheAcknowledgement() {
    // Given
    nodes.delay(100);
    fill(1);

    // When
    nodes.delay(1);
    nodes.run(SETTLED);

    // Then
    assertThat(alice.peers.windowsUsed()).isZero();
    assertThat(alice.publish("news", "again")).isTrue();
    nodes.run(10);
    assertThat(nodes.get(1).publications).last().isEqualTo("1 again");
    assertThat(nodes.get(2).publications).containsExactly("1 again");
  }

  @Test
  void aFullWindowLeavesRoomForClaims() {
    // Given
    nodes.delay(50);
    fill(1);

    // When
    alice.claim("other");
    nodes.run(110);

    // Then
    assertThat(alice.confirmed).containsExactly("other");
  }

  @Test
  void aClaimThatFindsNoRoomIsConfirmedWhenItWasToldAfterAll() {
    // Given
    nodes.delay(50);
    long bob = nodes.get(1).incarnation();
    for (int length : new int[] {2_000, 0}) {
      List<PeerReply> busy = new ArrayList<>();
      while (busy.isEmpty()) {
        alice.peers.ask(bob, new byte[length], true, busy::add);
      }
    }
    assertThat(alice.peers.windowsUsed()).isGreaterThan(WINDOW - 140);

    // When
    alice.claim("other");
    nodes.run(110);

    // Then
    assertThat(nodes.get(2).knows(alice, "other")).isTrue();
    assertThat(alice.confirmed).isEmpty();

    // When
    nodes.run(200);

    // Then
    assertThat(nodes.get(1).knows(alice, "other")).isTrue();
    assertThat(alice.confirmed).containsExactly("other");
    assertThat(nodes.breaches()).isEmpty();
  }

  @Test
  void whatIsLargerThanHalfAWindowIsAlwaysBusy() {
    // Then
    assertThat(alice.publish("news", "x".repeat(WINDOW / 2))).isFalse();
    assertThat(alice.peers.windowsUsed()).isZero();
  }

  @Test
  void whatNobodyWantsNeedsNoRoom() {
    // Given
    fill(1);

    // Then
    assertThat(alice.peers.reserve(hash("of nobody"), WINDOW))
        .isInstanceOf(Reservation.Nobody.class);
  }

  @Test
  void whoSleptIsBusyUntilEveryPeerIsHeardAgain() {
    // Given
    alice.sleep(LEASE + 500);
    nodes.cut(alice, nodes.get(2));

    // When
    nodes.run(2 * LEASE);

    // Then
    assertThat(alice.relies(nodes.get(1))).isTrue();
    assertThat(alice.publish("news", "x")).isFalse();
    assertThat(alice.publish("of nobody", "x")).isFalse();

    // When
    nodes.heal();
    nodes.run(SETTLED);

    // Then
    assertThat(alice.publish("news", "x")).isTrue();
  }

  @Test
  void whoSleptIsBusyBeforeItsFirstBeat() {
    // When
    nodes.pass(LEASE + 500);

    // Then
    assertThat(alice.publish("news", "x")).isFalse();
  }

  @Test
  void whoSleptIsNotBusyWhenItIsAlone() {
    // When
    nodes.pass(LEASE + 500);
    alice.members();

    // Then
    assertThat(alice.publish("news", "x")).isTrue();
  }

  @Test
  void whoSleptForLessThanALeaseIsNotBusy() {
    // Given
    alice.sleep(LEASE - 300);

    // When
    nodes.run(LEASE - 299);

    // Then
    assertThat(alice.publish("news", "x")).isTrue();
  }
}
