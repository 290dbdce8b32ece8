package dev.switchboard.interest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.interest.InterestNews.Complete;
import dev.switchboard.interest.InterestNews.Delta;
import dev.switchboard.interest.InterestNews.Digest;
import dev.switchboard.interest.InterestNews.Shard;
import dev.switchboard.interest.InterestNews.Wanted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/// Both ends of one link in miniature: our outbox, a stream with little room, the peer's copy.
final class Mirror {
  static final int PLENTY = Integer.MAX_VALUE;

  final InterestOutbox outbox;
  final AcknowledgedVersion acknowledged = new AcknowledgedVersion();
  PeerInterest copy = new PeerInterest();

  /// What was offered and taken, ever.
  final List<InterestNews> taken = new ArrayList<>();

  private final Queue<byte[]> underway = new ArrayDeque<>();
  private long sent;
  private long received;

  Mirror(LocalInterest local) {
    this.outbox = new InterestOutbox(local);
  }

  /// The link opens again: what was underway is lost.
  ///
  /// @param lostCopy whether the peer lost its copy too
  void open(boolean lostCopy) {
    underway.clear();
    sent = 0;
    received = 0;
    acknowledged.reset();
    copy = lostCopy ? new PeerInterest() : copy;
    copy.onOpened();
    outbox.onOpened();
  }

  /// A round with room for this many items.
  void pump(int room) {
    int[] left = {room};
    outbox.pump(news -> left[0]-- > 0 && take(news));
    acknowledged.sent(sent, outbox.sentVersion());
  }

  /// Our digest goes out, if the outbox lets it.
  void compare() {
    outbox.offerDigest(this::take);
  }

  /// The peer gets at most this many items and acknowledges them.
  void deliver(int items) {
    for (int count = 0; count < items && !underway.isEmpty(); count++) {
      take(underway.remove());
      received++;
    }
    acknowledged.onAcknowledged(received);
  }

  /// Everything that is to be told arrives.
  void settle() {
    pump(PLENTY);
    deliver(PLENTY);
  }

  private boolean take(InterestNews news) {
    taken.add(news);
    underway.add(InterestCodec.encode(news));
    sent++;
    return true;
  }

  private void take(byte[] bytes) {
    switch (decoded(bytes)) {
      case Delta delta -> copy.onDelta(delta);
      case Shard shard -> copy.onShard(shard);
      case Complete _ -> copy.onComplete();
      case Digest digest ->
          copy.compare(digest).map(Mirror::overTheWire).ifPresent(outbox::onWanted);
      case Wanted wanted -> throw new AssertionError("Nobody asked for " + wanted);
    }
  }

  private static Wanted overTheWire(Wanted wanted) {
    return (Wanted) decoded(InterestCodec.encode(wanted));
  }

  private static InterestNews decoded(byte[] bytes) {
    try {
      return InterestCodec.decode(bytes);
    } catch (BadInterestException e) {
      throw new AssertionError(e);
    }
  }

  /// Holds that the peer's copy has exactly what the node has, of the few hashes.
  void assertEquals(LocalInterest local) {
    assertThat(Hashes.FEW).allMatch(hash -> copy.contains(hash) == (local.loops(hash) != 0));
    assertThat(copy.size()).isEqualTo(local.size());
    assertThat(copy.digest()).isEqualTo(local.digest());
  }
}
