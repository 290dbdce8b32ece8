package dev.switchboard.peer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.switchboard.testkit.Execution;
import dev.switchboard.testkit.Retelling;
import java.util.Map;

/// Any bytes as an item of a link.
class PeerItemFuzzTest {
  @FuzzTest
  void items(byte[] input) throws Exception {
    Execution.watch(
        input,
        bytes ->
            Retelling.check(
                bytes, PeerItemCodec::decode, PeerItemCodec::encode, UnknownItemException.class));
  }

  /// Inputs to start from.
  static Map<String, byte[]> seeds() {
    byte[] rest = {1, 2, 3};
    return Map.of(
        "publish", PeerItemCodec.encode(new PeerItem.Publish(-9, rest)),
        "interest", PeerItemCodec.encode(new PeerItem.Interest(rest)),
        "question", PeerItemCodec.encode(new PeerItem.Question(7, rest)),
        "answer", PeerItemCodec.encode(new PeerItem.Answer(7, true, rest)),
        "leaving", PeerItemCodec.encode(new PeerItem.Leaving()),
        "repair", PeerItemCodec.encode(new PeerItem.Repair()),
        "roster", PeerItemCodec.encode(new PeerItem.Roster(rest)),
        "presence", PeerItemCodec.encode(new PeerItem.Presence(rest)));
  }
}
