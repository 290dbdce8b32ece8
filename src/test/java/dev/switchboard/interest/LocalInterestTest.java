package dev.switchboard.interest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.testkit.Footprint;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalInterestTest {
  private static final long A = 0x0100_0000_0000_0001L;
  private static final long B = 0x0200_0000_0000_0001L;

  private final LocalInterest local = new LocalInterest();

  @Test
  void knowsTheLoopsOfAHash() {
    // When
    var first = local.add(A, 0);
    var second = local.add(A, 63);
    var again = local.add(A, 63);

    // Then
    assertThat(List.of(first, second, again)).containsExactly(true, false, false);
    assertThat(local.loops(A)).isEqualTo(1L << 63 | 1);
    assertThat(local.loops(B)).isZero();
    assertThat(local.size()).isOne();
  }

  @Test
  void losesAHashWithItsLastLoop() {
    // Given
    local.add(A, 0);
    local.add(A, 63);

    // When
    var stranger = local.remove(A, 7);
    var first = local.remove(A, 0);
    var last = local.remove(A, 63);
    var again = local.remove(A, 63);

    // Then
    assertThat(List.of(stranger, first, last, again)).containsExactly(false, false, true, false);
    assertThat(local.loops(A)).isZero();
    assertThat(local.size()).isZero();
    assertThat(local.digest()).isZero();
  }

  @Test
  void makesOneDeltaAndOneVersionOfATurn() {
    // Given
    local.add(A, 0);
    local.endTurn();

    // When
    local.add(B, 0);
    local.remove(A, 0);
    var awaited = local.claimVersion();
    var delta = local.endTurn();

    // Then
    assertThat(delta.added()).containsExactly(B);
    assertThat(delta.removed()).containsExactly(A);
    assertThat(awaited).isEqualTo(2).isEqualTo(local.version());
  }

  @Test
  void makesNoVersionOfRemovals() {
    // Given
    local.add(A, 0);
    local.endTurn();

    // When
    local.remove(A, 0);
    var awaited = local.claimVersion();
    var delta = local.endTurn();

    // Then
    assertThat(delta.removed()).containsExactly(A);
    assertThat(awaited).isEqualTo(1).isEqualTo(local.version());
  }

  @Test
  void doesNotTellWhatCameAndWentYetConfirmsIt() {
    // When
    local.add(A, 0);
    var awaited = local.claimVersion();
    local.remove(A, 0);
    var delta = local.endTurn();

    // Then
    assertThat(delta.isEmpty()).isTrue();
    assertThat(awaited).isEqualTo(1).isEqualTo(local.version());
  }

  @Test
  void doesNotTellWhatWentAndCameBack() {
    // Given
    local.add(A, 0);
    local.endTurn();

    // When
    local.remove(A, 0);
    local.add(A, 1);
    var delta = local.endTurn();

    // Then
    assertThat(delta.isEmpty()).isTrue();
    assertThat(local.loops(A)).isEqualTo(2);
  }

  @Test
  void tellsWhatWentAndCameBackIfItWasSeenMissing() {
    // Given
    local.add(A, 0);
    local.endTurn();

    // When
    local.remove(A, 0);
    var shard = local.shard(InterestNews.shardOf(A));
    local.add(A, 0);
    var delta = local.endTurn();

    // Then
    assertThat(shard.hashes()).isEmpty();
    assertThat(delta.added()).containsExactly(A);
  }

  @Test
  void forgetsATurnWithItsEnd() {
    // Given
    local.add(A, 0);
    local.shard(0);
    local.endTurn();

    // When
    var before = local.inTurn();
    local.remove(A, 0);
    local.add(A, 0);
    local.endTurn();
    var last = local.endTurn();

    // Then
    assertThat(before).isFalse();
    assertThat(last.isEmpty()).isTrue();
    assertThat(local.claimVersion()).isEqualTo(local.version()).isEqualTo(2);
  }

  @Test
  void cancelsOutAgainAfterATurnThatWasSeen() {
    // Given
    local.add(A, 0);
    local.shard(0);
    local.endTurn();

    // When
    local.remove(A, 0);
    local.add(A, 0);
    var delta = local.endTurn();

    // Then
    assertThat(delta.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 64, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void refusesALoopThatCannotBe(int loop) {
    assertThatThrownBy(() -> local.add(A, loop)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1})
  void refusesAReservedHash(long hash) {
    assertThatThrownBy(() -> local.add(hash, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Provide
  Arbitrary<Set<Long>> sets() {
    return Hashes.few().set();
  }

  @Property
  void hasTheDigestOfAnotherExactlyIfItHasTheSameHashes(
      @ForAll("sets") Set<Long> mine, @ForAll("sets") Set<Long> theirs) {
    // Given
    var local = new LocalInterest();
    var other = new LocalInterest();
    theirs.forEach(hash -> other.add(hash, 1));

    // When
    Hashes.FEW.forEach(hash -> local.add(hash, 0));
    Hashes.FEW.stream().filter(hash -> !mine.contains(hash)).forEach(h -> local.remove(h, 0));

    // Then
    assertThat(local.digest() == other.digest()).isEqualTo(mine.equals(theirs));
  }

  @Property(tries = 200)
  void hasADigestOfEachShard(@ForAll("sets") Set<Long> hashes) {
    // Given
    var local = new LocalInterest();
    hashes.forEach(hash -> local.add(hash, 0));

    // When
    var digests = local.digests().perShard();

    // Then
    for (int shard = 0; shard < InterestNews.SHARDS; shard++) {
      assertThat(digests[shard] == 0).isEqualTo(local.isEmpty(shard));
      assertThat(local.shard(shard).hashes()).hasSameSizeAs(shardOf(hashes, shard));
    }
  }

  private static long[] shardOf(Set<Long> hashes, int shard) {
    return hashes.stream()
        .mapToLong(Long::longValue)
        .filter(hash -> InterestNews.shardOf(hash) == shard)
        .toArray();
  }

  @Test
  void costsAtMost32BytesForAnEntry() {
    // Given
    int entries = 200_000;
    var hashes = Hashes.random(entries, 1);
    var before = Footprint.now();

    // When
    for (long hash : hashes) {
      local.add(hash, 3);
    }
    local.endTurn();

    // Then
    assertThat(local.bytes()).isLessThan(32L * entries);
    // Beside the entries: 256 tables and what the virtual machine does meanwhile.
    Footprint.now().assertGrownLess(before, 32L * entries + 1_000_000, 1_000_000);
    assertThat(local.size()).isEqualTo(entries);
  }
}
