package dev.switchboard.peer;

import static dev.switchboard.peer.Nodes.DIGEST_INTERVAL;
import static dev.switchboard.peer.Nodes.SETTLED;
import static dev.switchboard.peer.Nodes.hash;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.interest.BadInterestException;
import dev.switchboard.interest.InterestCodec;
import dev.switchboard.interest.InterestNews;
import dev.switchboard.link.Item;
import dev.switchboard.link.LinkMessage;
import dev.switchboard.link.LinkMessage.Batch;
import dev.switchboard.link.LinkMessage.Entry;
import dev.switchboard.peer.Nodes.Node;
import dev.switchboard.peer.PeerReply.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What holds when a node's stay in the cluster is another, or a table is not what it should be.
class RenewalTest {
  private Nodes nodes;
  private Node alice;
  private Node bob;

  @BeforeEach
  void bringInStep() {
    nodes = Nodes.inStep(2);
    alice = nodes.get(0);
    bob = nodes.get(1);
    alice.claim("news");
    nodes.run(10);
  }

  @Test
  void whatANodeClaimedOutlivesItsIncarnation() {
    // When
    alice.renew();
    nodes.meet();
    nodes.run(SETTLED);

    // Then
    assertThat(bob.knows(alice, "news")).isTrue();
    assertThat(bob.view(alice).digest()).isEqualTo(alice.peers.digest());
    bob.publish("news", "hello");
    nodes.run(10);
    assertThat(alice.publications).containsExactly("1 hello");
  }

  @Test
  void aClaimThatWaitsIsConfirmedUnderTheNextIncarnation() {
    // Given
    nodes.cut(alice, bob);
    alice.claim("other");
    nodes.run(10);
    nodes.heal();

    // When
    alice.renew();
    nodes.meet();
    nodes.run(SETTLED);

    // Then
    assertThat(alice.confirmed).containsExactly("news", "other");
    assertThat(bob.knows(alice, "other")).isTrue();
    assertThat(nodes.breaches()).isEmpty();
  }

  @Test
  void theFormerIncarnationIsGone() {
    // Given
    long former = alice.incarnation();
    List<PeerReply> replies = new ArrayList<>();

    // When
    alice.renew();
    nodes.meet();
    bob.peers.ask(former, new byte[0], false, replies::add);

    // Then
    assertThat(replies).containsExactly(new PeerReply.Unanswered(Reason.GONE));
    assertThat(bob.peers.members()).containsExactly(alice.incarnation());
  }

  @Test
  void whatThePeersSaidIsForgottenWithTheFormerIncarnation() {
    // Given
    bob.claim("of bob");
    nodes.run(10);

    // When
    alice.renew();
    alice.members(bob);

    // Then
    assertThat(alice.peers.isWanted(hash("of bob"))).isFalse();
    assertThat(alice.peers.inStep()).isFalse();
    nodes.meet();
    nodes.run(SETTLED);
    assertThat(alice.knows(bob, "of bob")).isTrue();
  }

  @Test
  void aTableThatIsWrongIsRepaired() {
    // Given
    nodes.twist(RenewalTest::withOtherHashes);
    alice.claim("other");
    nodes.run(10);
    nodes.heal();
    assertThat(alice.confirmed).contains("other");
    assertThat(bob.knows(alice, "other")).isFalse();
    assertThat(bob.view(alice).digest()).isNotEqualTo(alice.peers.digest());

    // When
    nodes.run(DIGEST_INTERVAL + SETTLED);

    // Then
    assertThat(bob.knows(alice, "news")).isTrue();
    assertThat(bob.knows(alice, "other")).isTrue();
    assertThat(bob.view(alice).interest()).isEqualTo(2);
    assertThat(bob.view(alice).digest()).isEqualTo(alice.peers.digest());
  }

  private static LinkMessage withOtherHashes(LinkMessage message) {
    return message instanceof Batch batch
        ? new Batch(
            batch.header(),
            batch.sequence(),
            batch.dropped(),
            batch.ackNow(),
            batch.entries().stream().map(RenewalTest::withOtherHashes).toList())
        : message;
  }

  private static Entry withOtherHashes(Entry entry) {
    try {
      if (PeerItemCodec.decode(entry.item().bytes()) instanceof PeerItem.Interest(byte[] news)
          && InterestCodec.decode(news) instanceof InterestNews.Delta(var added, var removed)) {
        long[] others = LongStream.of(added).map(hash -> hash ^ 1L << 60).toArray();
        var delta = InterestCodec.encode(new InterestNews.Delta(others, removed));
        byte[] bytes = PeerItemCodec.encode(new PeerItem.Interest(delta));
        return new Entry(entry.enqueuedAt(), new Item(false, bytes));
      }
      return entry;
    } catch (UnknownItemException | BadInterestException strange) {
      throw new AssertionError(strange);
    }
  }
}
