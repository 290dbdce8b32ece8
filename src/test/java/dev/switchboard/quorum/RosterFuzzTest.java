package dev.switchboard.quorum;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.switchboard.testkit.Execution;
import dev.switchboard.testkit.Retelling;
import dev.switchboard.testkit.Retelling.NoneException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Any bytes as a message about who counts.
class RosterFuzzTest {
  @FuzzTest
  void messages(byte[] input) throws Exception {
    Execution.watch(
        input,
        bytes ->
            Retelling.check(
                bytes,
                each -> Retelling.required(RosterCodec.decode(each)),
                RosterCodec::encode,
                NoneException.class));
  }

  /// Inputs to start from.
  static Map<String, byte[]> seeds() {
    Map<String, byte[]> seeds = new TreeMap<>();
    List<RosterMessage> messages = RosterCodecTest.messages().toList();
    for (int index = 0; index < messages.size(); index++) {
      RosterMessage message = messages.get(index);
      String name = message.getClass().getSimpleName().toLowerCase(Locale.ROOT);
      seeds.put(name + "-" + index, RosterCodec.encode(message));
    }
    return seeds;
  }
}
