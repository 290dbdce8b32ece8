package dev.switchboard.interest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.switchboard.interest.InterestNews.Delta;
import dev.switchboard.interest.InterestNews.Shard;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerInterestTest {
  private static final long[] NO_HASHES = {};
  private static final long A = 0x0100_0000_0000_0001L;
  private static final long B = 0x0200_0000_0000_0001L;

  private final PeerInterest peer = new PeerInterest();

  /// What comes: a delta, or all of the one shard that `whole` is in.
  private record Step(Set<Long> added, Set<Long> removed, boolean whole) {
    InterestNews news() {
      long[] hashes = Hashes.array(added);
      if (!whole || hashes.length == 0) {
        return new Delta(hashes, Hashes.array(removed));
      }
      int shard = InterestNews.shardOf(hashes[0]);
      return new Shard(
          shard,
          LongStream.of(hashes).filter(hash -> InterestNews.shardOf(hash) == shard).toArray());
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    var hashes = Arbitraries.oneOf(Hashes.few(), Hashes.any()).set().ofMaxSize(12);
    return Combinators.combine(hashes, hashes, Arbitraries.of(true, false, false))
        .as(Step::new)
        .list()
        .ofMaxSize(50);
  }

  @Property
  void isASet(@ForAll("steps") List<Step> steps) {
    // Given
    var peer = new PeerInterest();
    Set<Long> expected = new HashSet<>();
    Set<Long> mentioned = new HashSet<>(Hashes.FEW);

    // When
    for (Step step : steps) {
      apply(step.news(), peer, expected);
      mentioned.addAll(step.added());
      mentioned.addAll(step.removed());
    }

    // Then
    assertThat(mentioned).allMatch(hash -> peer.contains(hash) == expected.contains(hash));
    assertThat(peer.size()).isEqualTo(expected.size());
    assertThat(peer.digest()).isEqualTo(digestOf(expected));
  }

  private static void apply(InterestNews news, PeerInterest peer, Set<Long> expected) {
    switch (news) {
      case Delta delta -> {
        peer.onDelta(delta);
        expected.removeAll(Hashes.set(delta.removed()));
        expected.addAll(Hashes.set(delta.added()));
      }
      case Shard shard -> {
        peer.onShard(shard);
        expected.removeIf(hash -> InterestNews.shardOf(hash) == shard.index());
        expected.addAll(Hashes.set(shard.hashes()));
      }
      case InterestNews.Complete _, InterestNews.Digest _, InterestNews.Wanted _ -> {}
    }
  }

  private static long digestOf(Set<Long> hashes) {
    var local = new LocalInterest();
    hashes.forEach(hash -> local.add(hash, 0));
    return local.digest();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1})
  void containsNoMarks(long reserved) {
    // Given
    peer.onDelta(new Delta(new long[] {2, 3}, NO_HASHES));
    peer.onDelta(new Delta(NO_HASHES, new long[] {2, 3}));

    // When
    var contained = peer.contains(reserved);

    // Then
    assertThat(contained).isFalse();
  }

  @Test
  void countsAHashOnceThatComesTwice() {
    // Given
    peer.onShard(new Shard(1, new long[] {A, A}));

    // When
    peer.onDelta(new Delta(new long[] {A, B, B}, NO_HASHES));

    // Then
    assertThat(peer.size()).isEqualTo(2);
    assertThat(peer.digest()).isEqualTo(digestOf(Set.of(A, B)));
  }

  @Test
  void keepsWhatItHadUntilItIsToldAnew() {
    // Given
    peer.onDelta(new Delta(new long[] {A, B}, NO_HASHES));

    // When
    peer.onOpened();

    // Then
    assertThat(peer.contains(A)).isTrue();
    assertThat(peer.contains(B)).isTrue();
  }

  @Test
  void forgetsWhatWasNotToldAnew() {
    // Given
    peer.onDelta(new Delta(new long[] {A, B}, NO_HASHES));
    peer.onOpened();
    peer.onShard(new Shard(1, new long[] {A}));

    // When
    peer.onComplete();

    // Then
    assertThat(peer.contains(A)).isTrue();
    assertThat(peer.contains(B)).isFalse();
    assertThat(peer.size()).isOne();
  }

  @Test
  void keepsAllWhenCompleteWithoutAnOpening() {
    // Given
    peer.onDelta(new Delta(new long[] {A}, NO_HASHES));

    // When
    peer.onComplete();

    // Then
    assertThat(peer.contains(A)).isTrue();
  }

  @Test
  void keepsWhatCameSinceWhenCompleteTwice() {
    // Given
    peer.onOpened();
    peer.onComplete();
    peer.onDelta(new Delta(new long[] {A}, NO_HASHES));

    // When
    peer.onComplete();

    // Then
    assertThat(peer.contains(A)).isTrue();
  }

  @Test
  void givesMemoryBackAfterMassRemovals() {
    // Given
    var hashes = Hashes.random(100_000, 1);
    peer.onDelta(new Delta(hashes, NO_HASHES));
    var full = peer.bytes();

    // When
    peer.onDelta(new Delta(NO_HASHES, hashes));

    // Then
    assertThat(full).isBetween(8L * hashes.length, 32L * hashes.length);
    assertThat(peer.bytes()).isLessThan(20_000);
  }

  @Test
  void doesNotGrowByComingAndGoing() {
    // Given
    var hashes = Hashes.random(100_000, 1);

    // When
    for (long hash : hashes) {
      peer.onDelta(new Delta(new long[] {hash}, NO_HASHES));
      peer.onDelta(new Delta(NO_HASHES, new long[] {hash}));
    }

    // Then
    assertThat(peer.bytes()).isLessThan(20_000);
  }

  @Test
  void allocatesNothingToAnswer() {
    // Given
    var hashes = Hashes.random(10_000, 1);
    peer.onDelta(new Delta(hashes, NO_HASHES));
    count(hashes);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    // When
    long before = threads.getCurrentThreadAllocatedBytes();
    int found = count(hashes);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    // Then
    assertThat(found).isEqualTo(hashes.length);
    // Less than a byte for each look: what the measurement itself takes.
    assertThat(allocated).isLessThan(hashes.length);
  }

  private int count(long[] hashes) {
    int found = 0;
    for (long hash : hashes) {
      found += peer.contains(hash) ? 1 : 0;
    }
    return found;
  }
}
