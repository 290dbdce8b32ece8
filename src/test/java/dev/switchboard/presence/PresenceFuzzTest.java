package dev.switchboard.presence;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.testkit.Execution;
import dev.switchboard.testkit.Retelling;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Any bytes as news of another node's members.
class PresenceFuzzTest {
  @FuzzTest
  void news(byte[] input) throws Exception {
    Execution.watch(
        input,
        bytes ->
            Retelling.check(
                bytes, PresenceCodec::decode, PresenceCodec::encode, MalformedException.class));
  }

  /// Inputs to start from.
  static Map<String, byte[]> seeds() {
    var id = new ClientId(1, 2, 3, 4);
    byte[] info = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    var ada = new Member(id, "ada", info, null);
    var nobody = new Member(new ClientId(1, 255, -1, -4), "", null, new byte[0]);
    return Map.of(
        "joined", PresenceCodec.encode(new PresenceNews.Joined("news", ada)),
        "left", PresenceCodec.encode(new PresenceNews.Left("news", id)),
        "nobody",
            PresenceCodec.encode(
                new PresenceNews.Part("\u00fc", Optional.empty(), List.of(), true)),
        "part",
            PresenceCodec.encode(
                new PresenceNews.Part("news", Optional.of(id), List.of(ada, nobody), false)));
  }
}
