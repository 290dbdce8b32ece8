package dev.switchboard.stream;

import dev.switchboard.stream.ShardBatch.Item;
import java.util.Collections;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// A shard that takes a batch of appends to one full log, as its owner does.
@State(Scope.Thread)
public class ShardBenchmark {
  /// Appends in the batch.
  @Param({"1", "64"})
  int appends;

  private final Shard shard = new Shard(1, Samples.TITLE);
  private List<Item> items;
  private long number;

  @Setup
  public void setUp() {
    items =
        Collections.nCopies(appends, Samples.append("chat:room-1", Samples.draft("x".repeat(128))));
  }

  @Benchmark
  public ShardResult append() {
    var batch = new ShardBatch(Samples.SENDER, ++number, shard.mark(), items);
    ShardResult result = shard.apply(batch, number, Samples.LIMITS);
    if (shard.mark().sequence() != number) {
      throw new IllegalStateException("not appended: " + result);
    }
    return result;
  }
}
