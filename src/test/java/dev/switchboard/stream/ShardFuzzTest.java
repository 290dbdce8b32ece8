package dev.switchboard.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.testkit.Execution;
import dev.switchboard.testkit.Retelling;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/// Any bytes as what owners and copies of a shard pass on; a batch that can be read is carried out.
class ShardFuzzTest {
  private static final long NOW = 1_000_000;

  @FuzzTest
  void parts(byte[] input) throws Exception {
    Execution.watch(input, ShardFuzzTest::take);
  }

  /// Inputs to start from.
  static Map<String, byte[]> seeds() {
    var random = new Random(7);
    var shard = new Shard(random.nextLong(), Samples.TITLE);
    for (int number = 1; number <= 4; number++) {
      shard.apply(batch(random, number), 1_000L * number, Samples.LIMITS);
    }
    ShardBatch last = batch(random, 5);
    byte[] before = ShardCodec.encode(shard);
    ShardResult result = shard.apply(last, NOW, Samples.LIMITS);
    return Map.of(
        "shard", before,
        "empty-shard", ShardCodec.encode(new Shard(1, Samples.TITLE)),
        "batch", ShardCodec.encode(last),
        "delta", ShardCodec.encode(shard.delta()),
        "result", ShardCodec.encode(result));
  }

  private static ShardBatch batch(Random random, long number) {
    return Samples.withNotes(random, Samples.anyBatch(random, 3, number, Shard.Mark.NONE));
  }

  private static void take(byte[] input) throws Exception {
    switch (input.length < 2 ? 0 : input[1]) {
      case 1 -> check(input, ShardCodec::shard, ShardCodec::encode);
      case 2 -> {
        Optional<ShardBatch> batch = check(input, ShardCodec::batch, ShardCodec::encode);
        if (batch.isPresent()) {
          carryOut(batch.get());
        }
      }
      case 3 -> check(input, ShardCodec::delta, ShardCodec::encode);
      default -> check(input, ShardCodec::result, ShardCodec::encode);
    }
  }

  private static <T> Optional<T> check(
      byte[] input, Retelling.Reader<T> reader, Function<T, byte[]> writer) throws Exception {
    return Retelling.check(input, reader, writer, MalformedException.class);
  }

  /// On an owner, whose copy then gets the same.
  private static void carryOut(ShardBatch batch) throws HoleException, MalformedException {
    var shard = new Shard(1, Samples.TITLE);
    try {
      shard.apply(batch, NOW, Samples.LIMITS);
    } catch (StreamException refused) {
      assertThat(refused.reason()).isNotNull();
      return;
    }
    byte[] delta = ShardCodec.encode(shard.delta());
    Shard copy = Shard.of(ShardCodec.delta(delta));
    assertThat(ShardCodec.encode(copy)).isEqualTo(ShardCodec.encode(shard));
  }
}
