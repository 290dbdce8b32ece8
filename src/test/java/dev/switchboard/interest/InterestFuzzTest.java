package dev.switchboard.interest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.switchboard.interest.InterestNews.Complete;
import dev.switchboard.interest.InterestNews.Delta;
import dev.switchboard.interest.InterestNews.Digest;
import dev.switchboard.interest.InterestNews.Shard;
import dev.switchboard.interest.InterestNews.Wanted;
import dev.switchboard.testkit.Execution;
import java.util.Map;

/// Any bytes as news of another node's interest. Every byte means something: what is read is
/// written as the same bytes.
class InterestFuzzTest {
  @FuzzTest
  void news(byte[] input) throws Exception {
    Execution.watch(input, InterestFuzzTest::take);
  }

  /// Inputs to start from.
  static Map<String, byte[]> seeds() {
    long hash = 0x0123456789abcdefL;
    return Map.of(
        "delta", InterestCodec.encode(new Delta(new long[] {hash, -2}, new long[] {2})),
        "shard", InterestCodec.encode(new Shard(1, new long[] {hash, hash + 1})),
        "complete", InterestCodec.encode(new Complete()),
        "digest", InterestCodec.encode(new Digest(new long[InterestNews.SHARDS])),
        "wanted", InterestCodec.encode(new Wanted(new int[] {0, 7, 255})));
  }

  private static void take(byte[] input) {
    try {
      assertThat(InterestCodec.encode(InterestCodec.decode(input))).isEqualTo(input);
    } catch (BadInterestException refused) {
      assertThat(refused.reason()).isNotNull();
    }
  }
}
