package dev.switchboard.peer;

import static dev.switchboard.peer.Nodes.SETTLED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.link.BadLinkMessageException.Reason;
import dev.switchboard.link.LinkCodec;
import dev.switchboard.peer.Nodes.Node;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What comes to bob's address and does not belong there is counted and changes nothing.
class StrangerTest {
  private Nodes nodes;
  private Node alice;
  private Node bob;

  @BeforeEach
  void bringInStep() {
    nodes = Nodes.inStep(2);
    alice = nodes.get(0);
    bob = nodes.get(1);
    alice.claim("news");
    bob.claim("news");
    nodes.run(10);
    alice.publish("news", "first");
    nodes.run(10);
  }

  private void assertNothingChanges(Runnable what) {
    List<PeerView> views = bob.peers.views();
    int said = bob.sent.size();
    List<String> heard = List.copyOf(bob.publications);

    // When
    what.run();

    // Then
    assertThat(bob.peers.views()).isEqualTo(views);
    assertThat(bob.sent).hasSize(said);
    assertThat(bob.publications).isEqualTo(heard);
  }

  @Test
  void garbage() {
    // Given
    var random = new Random(1);
    byte[] noise = new byte[200];
    random.nextBytes(noise);

    // Then
    assertNothingChanges(
        () -> {
          bob.take(new byte[0]);
          bob.take(new byte[] {1, 2, 3});
          bob.take(noise);
        });
    assertThat(bob.meters.refused(Reason.TOO_SHORT)).isEqualTo(2);
    assertThat(bob.meters.refused(Reason.UNKNOWN_FORMAT)).isEqualTo(1);
  }

  @Test
  void aWrongKey() {
    // Given
    var other = new LinkCodec("another cluster".getBytes());

    // Then
    assertNothingChanges(
        () -> alice.sent.forEach(bytes -> bob.take(other.encode(Nodes.decoded(bytes)))));
    assertThat(bob.meters.refused(Reason.BAD_SIGNATURE)).isEqualTo(alice.sent.size());
  }

  @Test
  void aFormerIncarnationOfAnother() {
    // Given
    List<byte[]> former = List.copyOf(alice.sent);
    alice.renew();
    nodes.meet();
    nodes.run(SETTLED);
    long fenced = bob.meters.fenced();

    // Then
    assertNothingChanges(() -> former.forEach(bob::take));
    assertThat(bob.meters.fenced() - fenced).isEqualTo(former.size());
  }

  @Test
  void aMessageForAFormerIncarnation() {
    // Given
    List<byte[]> former = List.copyOf(alice.sent);
    bob.renew();
    nodes.meet();
    nodes.run(SETTLED);
    long fenced = bob.meters.fenced();

    // Then
    assertNothingChanges(() -> former.forEach(bob::take));
    assertThat(bob.meters.fenced() - fenced).isEqualTo(former.size());
  }

  @Test
  void aNodeThatIsNoMember() {
    // Given
    Node stranger = nodes.add();
    stranger.members(bob);
    stranger.peers.onTick();
    assertThat(stranger.sent).isNotEmpty();

    // Then
    assertNothingChanges(() -> stranger.sent.forEach(bob::take));
    assertThat(bob.meters.fenced()).isEqualTo(stranger.sent.size());
  }

  @Test
  void everythingThatWasSaidOnceSaidAgain() {
    // Given
    nodes.run(SETTLED);
    List<byte[]> said = List.copyOf(alice.sent);
    List<String> heard = List.copyOf(bob.publications);

    // When
    said.forEach(bob::take);
    nodes.run(SETTLED);

    // Then
    assertThat(bob.publications).isEqualTo(heard);
    assertThat(bob.view(alice).digest()).isEqualTo(alice.peers.digest());
    assertThat(bob.peers.inStep()).isTrue();
    assertThat(nodes.breaches()).isEmpty();
  }

  @Test
  void itsOwnMessages() {
    assertNothingChanges(() -> List.copyOf(bob.sent).forEach(bob::take));
    assertThat(bob.meters.fenced()).isEqualTo(bob.sent.size());
  }

  @Test
  void aNodeThatWasDroppedFromTheMembers() {
    // Given
    bob.members(Set.of());

    // When
    alice.publish("news", "second");
    nodes.run(SETTLED);

    // Then
    assertThat(bob.publications).containsExactly("1 first");
    assertThat(bob.meters.fenced()).isPositive();
  }
}
