package dev.switchboard.peer;

import static dev.switchboard.peer.Nodes.LEASE;
import static dev.switchboard.peer.Nodes.QUESTION_TIMEOUT;
import static dev.switchboard.peer.Nodes.SETTLED;
import static dev.switchboard.peer.Nodes.hash;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.peer.Nodes.Node;
import dev.switchboard.peer.PeerReply.Reason;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Bob leaves in good order, and stays on the list of members for a while.
class FarewellTest {
  private static final PeerReply GONE = new PeerReply.Unanswered(Reason.GONE);

  private Nodes nodes;
  private Node alice;
  private Node bob;

  @BeforeEach
  void bringInStep() {
    nodes = Nodes.inStep(3);
    alice = nodes.get(0);
    bob = nodes.get(1);
    bob.claim("news");
    nodes.run(10);
  }

  @Test
  void itsRoutesEndAtOnce() {
    // Given
    assertThat(alice.knows(bob, "news")).isTrue();

    // When
    bob.peers.leave();
    nodes.run(1);

    // Then
    assertThat(alice.peers.isWanted(hash("news"))).isFalse();
    assertThat(alice.peers.reserve(hash("news"), 100)).isInstanceOf(Reservation.Nobody.class);
    assertThat(alice.peers.inStep()).isTrue();
  }

  @Test
  void whatItWasAskedIsGoneAtOnce() {
    // Given
    bob.answering = null;
    List<PeerReply> before = alice.ask(bob, "before");
    nodes.run(10);

    // When
    bob.peers.leave();
    nodes.run(1);
    List<PeerReply> after = alice.ask(bob, "after");

    // Then
    assertThat(before).containsExactly(GONE);
    assertThat(after).containsExactly(GONE);
  }

  @Test
  void claimsWaitForItNoLonger() {
    // When
    bob.peers.leave();
    nodes.run(1);
    alice.claim("other");
    long took = nodes.runUntil(() -> !alice.confirmed.isEmpty(), LEASE);

    // Then
    assertThat(took).isEqualTo(2);
    assertThat(nodes.get(2).knows(alice, "other")).isTrue();
  }

  @Test
  void itHearsThatItsFarewellArrived() {
    // When
    bob.peers.leave();
    nodes.run(5);

    // Then
    assertThat(bob.peers.windowsUsed()).isZero();
  }

  @Test
  void itAcceptsNoPublicationAnyMore() {
    // Given
    alice.claim("other");
    nodes.run(10);

    // When
    bob.peers.leave();

    // Then
    assertThat(bob.publish("other", "from beyond")).isFalse();
  }

  @Test
  void noLaterTurnFails() {
    // Given
    Reservation before = alice.peers.reserve(hash("news"), 1_000);
    bob.answering = null;
    alice.ask(bob, "anything");
    nodes.run(10);

    // When
    bob.peers.leave();
    nodes.run(1);
    var item = Peers.publication(hash("news"), new byte[1_000]);
    alice.peers.publish((Reservation.Held) before, item);
    bob.unanswered.getFirst().accept("too late".getBytes());
    for (int number = 0; number < 100; number++) {
      alice.claim("channel-" + number);
      alice.publish("news", "to nobody");
      bob.peers.flush();
      nodes.run(50);
    }
    bob.peers.close();
    nodes.run(QUESTION_TIMEOUT);
    alice.members(nodes.get(2));
    nodes.run(SETTLED);

    // Then
    assertThat(alice.confirmed).hasSize(100);
    assertThat(alice.peers.inStep()).isTrue();
    assertThat(nodes.breaches()).isEmpty();
  }

  @Test
  void asAnotherIncarnationItMayComeBack() {
    // Given
    bob.peers.leave();
    nodes.run(10);

    // When
    alice.members(nodes.get(2));
    Nodes.Node next = nodes.add();
    next.claim("news");
    alice.members(nodes.get(2), next);
    next.members(alice);
    nodes.run(SETTLED);

    // Then
    assertThat(alice.knows(next, "news")).isTrue();
    assertThat(next.relies(alice)).isTrue();
  }
}
