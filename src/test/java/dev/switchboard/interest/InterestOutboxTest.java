package dev.switchboard.interest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.interest.InterestNews.Complete;
import dev.switchboard.interest.InterestNews.Delta;
import dev.switchboard.interest.InterestNews.Digest;
import dev.switchboard.interest.InterestNews.Shard;
import dev.switchboard.interest.InterestNews.Wanted;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterestOutboxTest {
  private static final long A = 0x0100_0000_0000_0001L;
  private static final long B = 0x0200_0000_0000_0001L;
  private static final long C = 0x0300_0000_0000_0001L;

  private final LocalInterest local = new LocalInterest();
  private final Mirror peer = new Mirror(local);

  private Delta endTurn() {
    Delta delta = local.endTurn();
    peer.outbox.onChange(delta);
    return delta;
  }

  private void openWith(long... hashes) {
    for (long hash : hashes) {
      local.add(hash, 0);
    }
    local.endTurn();
    peer.open(true);
    peer.settle();
    peer.taken.clear();
  }

  private List<Class<?>> kinds() {
    return peer.taken.stream().<Class<?>>map(Object::getClass).toList();
  }

  @Test
  void tellsNothingBeforeItOpens() {
    // Given
    local.add(A, 0);
    endTurn();

    // When
    peer.pump(Mirror.PLENTY);

    // Then
    assertThat(peer.taken).isEmpty();
    assertThat(peer.outbox.sentVersion()).isZero();
  }

  @Test
  void tellsAllShardsThenThatItIsAll() {
    // Given
    local.add(A, 0);
    local.add(B, 0);
    endTurn();

    // When
    peer.open(true);
    peer.settle();

    // Then
    assertThat(kinds()).isEqualTo(List.of(Shard.class, Shard.class, Complete.class));
    assertThat(peer.outbox.complete()).isTrue();
    assertThat(peer.acknowledged.version()).isEqualTo(1);
    peer.assertEquals(local);
  }

  @Test
  void isNotCompleteBeforeTheLastShardWasTaken() {
    // Given
    local.add(A, 0);
    local.add(B, 0);
    endTurn();
    peer.open(true);

    // When
    peer.pump(1);
    peer.pump(0);

    // Then
    assertThat(kinds()).isEqualTo(List.of(Shard.class));
    assertThat(peer.outbox.complete()).isFalse();
    assertThat(peer.outbox.sentVersion()).isZero();
  }

  @Test
  void offersADeltaAsItIs() {
    // Given
    openWith(A);
    local.add(B, 0);

    // When
    var delta = endTurn();
    peer.settle();

    // Then
    assertThat(peer.taken).singleElement().isSameAs(delta);
    assertThat(peer.outbox.sentVersion()).isEqualTo(2);
    peer.assertEquals(local);
  }

  @Test
  void tellsTheShardsOfARefusedDelta() {
    // Given
    openWith(A);
    local.add(B, 0);
    local.remove(A, 0);
    endTurn();
    peer.pump(0);
    var refused = peer.outbox.sentVersion();

    // When
    peer.settle();

    // Then
    assertThat(refused).isOne();
    assertThat(kinds()).isEqualTo(List.of(Shard.class, Shard.class));
    assertThat(peer.outbox.sentVersion()).isEqualTo(2);
    peer.assertEquals(local);
  }

  @Test
  void leavesOutOfADeltaWhatWillBeToldWhole() {
    // Given
    openWith(A);
    local.add(B, 0);
    endTurn();
    peer.pump(0);
    local.add(B + 1, 0);
    local.add(C, 0);
    endTurn();

    // When
    peer.pump(1);

    // Then
    assertThat(peer.taken)
        .singleElement()
        .usingRecursiveComparison()
        .isEqualTo(new Delta(new long[] {C}, new long[0]));
    assertThat(peer.outbox.dirtyShards()).isOne();
    assertThat(peer.outbox.sentVersion()).isOne();
  }

  @Test
  void tellsWhatAChangeBeforeCompletionAddedToAnEmptyShard() {
    // Given
    peer.copy.onDelta(new Delta(new long[] {B + 1}, new long[0]));
    local.add(A, 0);
    endTurn();
    peer.open(false);
    peer.pump(1);
    local.add(B, 0);
    endTurn();

    // When
    peer.settle();

    // Then
    peer.assertEquals(local);
  }

  @Test
  void losesNoDeltaThatWasNotPumped() {
    // Given
    openWith(A);
    local.add(B, 0);
    endTurn();
    local.add(C, 0);
    endTurn();

    // When
    peer.settle();

    // Then
    assertThat(peer.outbox.sentVersion()).isEqualTo(3);
    peer.assertEquals(local);
  }

  @Test
  void movesOnWhenATurnCancelsOut() {
    // Given
    openWith(A);
    local.add(B, 0);
    local.remove(B, 0);
    endTurn();

    // When
    peer.pump(0);

    // Then
    assertThat(peer.taken).isEmpty();
    assertThat(peer.acknowledged.version()).isEqualTo(2).isEqualTo(local.version());
  }

  @Test
  void tellsWhatWasMissingWhenItOpenedWithinATurn() {
    // Given
    openWith(A);
    local.remove(A, 0);
    peer.open(true);
    local.add(A, 0);
    endTurn();

    // When
    peer.settle();

    // Then
    peer.assertEquals(local);
  }

  @Test
  void claimsNoVersionWhoseTurnIsNotOver() {
    // Given
    openWith(A);
    local.add(B, 0);

    // When
    peer.settle();

    // Then
    assertThat(peer.outbox.sentVersion()).isEqualTo(1).isLessThan(local.claimVersion());
  }

  @Test
  void startsOverWhenThePeersEndIsNew() {
    // Given
    openWith(A, B);

    // When
    peer.open(true);
    var complete = peer.outbox.complete();
    var sentVersion = peer.outbox.sentVersion();
    peer.settle();

    // Then
    assertThat(complete).isFalse();
    assertThat(sentVersion).isZero();
    peer.assertEquals(local);
  }

  @Test
  void repairsACopyThatWentWrong() {
    // Given
    openWith(A, B);
    peer.copy.onDelta(new Delta(new long[] {C}, new long[] {A}));

    // When
    peer.compare();
    peer.deliver(Mirror.PLENTY);
    peer.settle();

    // Then
    assertThat(kinds()).isEqualTo(List.of(Digest.class, Shard.class, Shard.class));
    peer.assertEquals(local);
  }

  @Test
  void wantsNothingWhenAllIsWell() {
    // Given
    openWith(A, B);

    // When
    peer.compare();
    peer.deliver(Mirror.PLENTY);
    peer.settle();

    // Then
    assertThat(kinds()).isEqualTo(List.of(Digest.class));
  }

  @Test
  void doesNotCompareWhileThePeerIsKnownToDiffer() {
    // Given
    openWith(A);
    peer.outbox.onWanted(new Wanted(new int[] {1}));
    peer.compare();
    peer.settle();
    local.add(B, 0);
    peer.compare();
    endTurn();
    peer.compare();
    peer.settle();

    // When
    peer.compare();

    // Then
    assertThat(kinds()).isEqualTo(List.of(Shard.class, Delta.class, Digest.class));
  }

  @Test
  void doesNotCompareBeforeItIsComplete() {
    // Given
    peer.open(true);

    // When
    peer.compare();

    // Then
    assertThat(peer.taken).isEmpty();
  }

  @Test
  void letsNoShardWaitForOthersThatKeepChanging() {
    // Given
    openWith(A, B, C);
    peer.outbox.onWanted(new Wanted(new int[] {1, 2, 3}));

    // When
    for (int round = 0; round < 3; round++) {
      peer.pump(1);
      peer.outbox.onWanted(new Wanted(new int[] {1}));
    }

    // Then
    assertThat(peer.taken).extracting(news -> ((Shard) news).index()).containsExactly(1, 2, 3);
  }
}
