package dev.switchboard.tenure;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.switchboard.testkit.Execution;
import dev.switchboard.testkit.Retelling;
import dev.switchboard.testkit.Retelling.NoneException;
import java.util.Map;

/// Any bytes as a question about a shard's term, and as a word about it.
class TenureFuzzTest {
  @FuzzTest
  void questionsAndWords(byte[] input) throws Exception {
    Execution.watch(input, TenureFuzzTest::take);
  }

  /// Inputs to start from.
  static Map<String, byte[]> seeds() {
    var copy = new Copy(-7, new Title(-1, 2, 3, 4, -5, 6), 8);
    var plea = new GiveUp.Plea(GiveUp.Plea.Kind.TELL, -3);
    return Map.of(
        "question", TenureCodec.encode(new GiveUp(255, copy, 9, plea)),
        "word", TenureCodec.encode(new GaveUp(1, -2, 3, 4, 5, 6, true, false)));
  }

  private static void take(byte[] input) throws Exception {
    Retelling.check(
        input,
        bytes -> Retelling.required(TenureCodec.giveUp(bytes)),
        TenureCodec::encode,
        NoneException.class);
    Retelling.check(
        input,
        bytes -> Retelling.required(TenureCodec.gaveUp(bytes)),
        TenureCodec::encode,
        NoneException.class);
  }
}
