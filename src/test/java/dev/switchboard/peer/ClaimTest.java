package dev.switchboard.peer;

import static dev.switchboard.peer.Nodes.LEASE;
import static dev.switchboard.peer.Nodes.SETTLED;
import static dev.switchboard.peer.Nodes.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.peer.Nodes.Node;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// When a claim is confirmed, and who may rely on it.
class ClaimTest {
  @Test
  void whoIsAloneIsConfirmedAtOnce() {
    // Given
    Node alice = new Nodes(1).get(0);

    // When
    alice.claim("news");

    // Then
    assertThat(alice.confirmed).containsExactly("news");
  }

  @Test
  void aClaimIsConfirmedOnlyWhenEveryPeerKnows() {
    // Given
    Nodes nodes = Nodes.inStep(3);
    Node alice = nodes.get(0);
    nodes.loseBatches(alice, nodes.get(2));

    // When
    alice.claim("news");
    nodes.run(100);

    // Then
    assertThat(nodes.get(1).knows(alice, "news")).isTrue();
    assertThat(alice.confirmed).isEmpty();

    // When
    nodes.heal();
    nodes.runUntil(() -> !alice.confirmed.isEmpty(), SETTLED);

    // Then
    assertThat(nodes.get(2).knows(alice, "news")).isTrue();
    assertThat(alice.confirmed).containsExactly("news");
    assertThat(nodes.breaches()).isEmpty();
  }

  @Test
  void aClaimIsConfirmedWithinARoundTrip() {
    // Given
    Nodes nodes = Nodes.inStep(3);
    Node alice = nodes.get(0);
    nodes.delay(20);
    nodes.run(SETTLED);

    // When
    alice.claim("news");
    long took = nodes.runUntil(() -> !alice.confirmed.isEmpty(), SETTLED);

    // Then
    assertThat(took).isEqualTo(40);
  }

  @Test
  void whatIsKnownOfAnEarlierClaimConfirmsNoLaterOne() {
    // Given
    Nodes nodes = Nodes.inStep(2);
    Node alice = nodes.get(0);
    nodes.delay(20);
    nodes.run(SETTLED);

    // When
    alice.claim("first");
    nodes.run(10);
    alice.claim("second");
    nodes.runUntil(() -> !alice.confirmed.isEmpty(), SETTLED);

    // Then
    assertThat(alice.confirmed).containsExactly("first");
    nodes.run(10);
    assertThat(alice.confirmed).containsExactly("first", "second");
  }

  @Test
  void theClaimOfASecondLoopIsConfirmedAtOnceAndHoldsTheRoute() {
    // Given
    Nodes nodes = Nodes.inStep(2);
    Node alice = nodes.get(0);
    Node bob = nodes.get(1);
    alice.claim("news");
    nodes.run(10);

    // When
    alice.claim("news", 1);
    alice.peers.flush();

    // Then
    assertThat(alice.confirmed).containsExactly("news", "news");

    // When
    alice.release("news");
    nodes.run(10);
    bob.publish("news", "for the second loop");
    nodes.run(10);

    // Then
    assertThat(alice.publications).containsExactly("2 for the second loop");
  }

  @Test
  void aReleasedChannelIsForgottenByAll() {
    // Given
    Nodes nodes = Nodes.inStep(3);
    Node alice = nodes.get(0);
    alice.claim("news");
    nodes.run(10);

    // When
    alice.release("news");
    nodes.run(10);

    // Then
    assertThat(nodes.get(1).knows(alice, "news")).isFalse();
    assertThat(nodes.get(2).knows(alice, "news")).isFalse();
    assertThat(nodes.get(2).publish("news", "for nobody")).isTrue();
    nodes.run(10);
    assertThat(alice.publications).isEmpty();
  }

  @Test
  void aClaimThatIsReleasedWithinItsTurnIsConfirmedAllTheSame() {
    // Given
    Nodes nodes = Nodes.inStep(2);
    Node alice = nodes.get(0);

    // When
    alice.claim("news", 0);
    alice.peers.release(Nodes.hash("news"), 0);
    alice.peers.flush();
    nodes.run(10);

    // Then
    assertThat(alice.confirmed).containsExactly("news");
    assertThat(nodes.get(1).knows(alice, "news")).isFalse();
  }

  @Test
  void aSilentPeerDelaysAClaimByAtMostItsLease() {
    // Given
    Nodes nodes = Nodes.inStep(3);
    Node alice = nodes.get(0);
    Node bob = nodes.get(1);
    nodes.cut(alice, bob);

    // When
    alice.claim("news");
    nodes.run(LEASE - 2 * TICK);

    // Then
    assertThat(bob.relies(alice)).isTrue();
    assertThat(alice.confirmed).isEmpty();

    // When
    nodes.run(3 * TICK);

    // Then
    assertThat(bob.relies(alice)).isFalse();
    assertThat(alice.confirmed).containsExactly("news");
    assertThat(nodes.breaches()).isEmpty();
  }

  @Test
  void aPeerThatHearsButDoesNotLearnDelaysAClaimByAtMostALeaseAndAHalf() {
    // Given
    Nodes nodes = Nodes.inStep(2);
    Node alice = nodes.get(0);
    nodes.loseBatches(alice, nodes.get(1));

    // When
    alice.claim("news");
    long took = nodes.runUntil(() -> !alice.confirmed.isEmpty(), 10 * LEASE);

    // Then
    assertThat(took).isLessThanOrEqualTo(LEASE * 3 / 2 + TICK);
    assertThat(nodes.breaches()).isEmpty();
  }

  @Test
  void whoMissedAConfirmedClaimIsGrantedNoLeaseUntilItKnows() {
    // Given
    Nodes nodes = Nodes.inStep(2);
    Node alice = nodes.get(0);
    Node bob = nodes.get(1);
    nodes.loseBatches(alice, bob);
    alice.claim("news");
    nodes.runUntil(() -> !alice.confirmed.isEmpty(), 10 * LEASE);

    // When
    for (int step = 0; step < 2 * LEASE; step++) {
      nodes.run(1);

      // Then
      assertThat(alice.view(bob).leaseGranted()).isFalse();
      assertThat(bob.relies(alice)).isFalse();
    }

    // When
    nodes.heal();
    nodes.run(2 * LEASE);

    // Then
    assertThat(bob.knows(alice, "news")).isTrue();
    assertThat(bob.peers.inStep()).isTrue();
    assertThat(alice.peers.inStep()).isTrue();
    assertThat(nodes.breaches()).isEmpty();
  }

  @Test
  void whoForgotEverythingIsToldItAnew() {
    // Given
    Nodes nodes = Nodes.inStep(2);
    Node alice = nodes.get(0);
    Node bob = nodes.get(1);
    alice.claim("kept");
    alice.claim("released");
    nodes.run(10);

    // When
    bob.members();
    alice.release("released");
    nodes.run(10);
    bob.members(alice);
    nodes.run(SETTLED);

    // Then
    assertThat(bob.knows(alice, "kept")).isTrue();
    assertThat(bob.knows(alice, "released")).isFalse();
    assertThat(bob.view(alice).digest()).isEqualTo(alice.peers.digest());
    assertThat(alice.peers.inStep()).isTrue();
    assertThat(nodes.breaches()).isEmpty();
  }

  @Test
  void aNewPeerHoldsNoLeaseBeforeItWasToldEverything() {
    // Given
    Nodes nodes = new Nodes(2);
    Node alice = nodes.get(0);
    Node bob = nodes.get(1);
    IntStream.range(0, 20_000).forEach(number -> alice.claim("channel-" + number, 0));
    alice.peers.flush();
    nodes.delay(5);

    // When
    nodes.meet();
    nodes.runUntil(() -> bob.relies(alice), 10 * LEASE);

    // Then
    assertThat(bob.view(alice).interest()).isEqualTo(20_000);
    assertThat(nodes.breaches()).isEmpty();
  }

  @Test
  void whileClaimsKeepComingANewPeerComesToHoldALeaseNevertheless() {
    // Given
    Nodes nodes = new Nodes(2);
    Node alice = nodes.get(0);
    Node bob = nodes.get(1);
    nodes.delay(10);
    nodes.meet();

    // When
    for (int number = 0; number < 2 * LEASE; number++) {
      alice.claim("channel-" + number);
      nodes.run(1);
    }

    // Then
    assertThat(bob.relies(alice)).isTrue();
    assertThat(alice.confirmed).hasSizeGreaterThan(2 * LEASE - 50);
    assertThat(nodes.breaches()).isEmpty();
  }

  @Test
  void aPeerThatWasToldEverythingIsWaitedForBeforeItHoldsALease() {
    // Given
    Nodes nodes = new Nodes(2);
    Node alice = nodes.get(0);
    Node bob = nodes.get(1);
    nodes.meet();
    nodes.runUntil(() -> bob.view(alice).open(), LEASE);
    nodes.run(5);

    // When
    nodes.cut(alice, bob);
    alice.claim("news");
    nodes.run(LEASE / 2);

    // Then
    assertThat(alice.confirmed).isEmpty();
    nodes.run(LEASE);
    assertThat(alice.confirmed).containsExactly("news");
    assertThat(nodes.breaches()).isEmpty();
  }
}
