package dev.switchboard.interest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.interest.InterestNews.Delta;
import dev.switchboard.interest.InterestNews.Shard;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Another thread looks while the peer loop writes.
class ConcurrentReadTest {
  private static final int STEPS = 60_000;
  private static final long SHARD = 0x0700_0000_0000_0000L;

  private long[] stable;
  private long[] coming;
  private final long[] never = inOneShard(40, 3);
  private final PeerInterest peer = new PeerInterest();
  private final CountDownLatch reading = new CountDownLatch(2);
  private volatile boolean over;

  private static long[] inOneShard(int count, long seed) {
    return LongStream.of(Hashes.random(count, seed)).map(hash -> SHARD | hash >>> 8).toArray();
  }

  /// What a reader saw of the stable hashes and of those that never were.
  private record Seen(long missed, long invented) {}

  /// Tables that swell and shrink, and tables that are so small that most changes rebuild them.
  @ParameterizedTest
  @CsvSource({"40, 3000", "3, 4"})
  void readersSeeAllThatStays(int staying, int passing) throws InterruptedException {
    // Given
    stable = inOneShard(staying, 1);
    coming = inOneShard(passing, 2);
    peer.onDelta(new Delta(stable, new long[0]));
    var one = CompletableFuture.supplyAsync(this::look, task -> new Thread(task).start());
    var two = CompletableFuture.supplyAsync(this::look, task -> new Thread(task).start());
    reading.await();

    // When
    write(new SplittableRandom(4));
    over = true;

    // Then
    assertThat(new Seen[] {one.join(), two.join()}).containsOnly(new Seen(0, 0));
  }

  private Seen look() {
    long missed = 0;
    long invented = 0;
    boolean first = true;
    do {
      missed += Arrays.stream(stable).filter(hash -> !peer.contains(hash)).count();
      invented += Arrays.stream(never).filter(peer::contains).count();
      if (first) {
        // Not before: on a busy machine the writer may be done when this thread runs again.
        reading.countDown();
        first = false;
      }
    } while (!over);
    return new Seen(missed, invented);
  }

  // Swells and shrinks the shard by single changes, and replaces it now and then.
  private void write(SplittableRandom random) {
    for (int step = 0; step < STEPS; step++) {
      int reach = 1 + step * 7 % coming.length;
      long[] one = {coming[random.nextInt(reach)]};
      switch (random.nextInt(100)) {
        case 0 -> peer.onShard(new Shard(7, stable));
        case 1 -> peer.onDelta(new Delta(new long[0], coming));
        case 2 -> peer.onDelta(new Delta(coming, new long[0]));
        default -> {
          boolean adding = random.nextBoolean();
          peer.onDelta(new Delta(adding ? one : new long[0], adding ? new long[0] : one));
        }
      }
    }
  }
}
