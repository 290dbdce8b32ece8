package dev.switchboard.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.switchboard.link.BadLinkMessageException.Reason;
import dev.switchboard.testkit.Execution;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Any bytes on the bus between two nodes; where the first byte says so, with the right signature.
///
/// Every byte of a message means something, so what is read is written as the same bytes.
class LinkFuzzTest {
  private static final byte SIGNED = 1;
  private static final int SIGNATURE_BYTES = 16;
  private static final LinkCodec CODEC = new LinkCodec(new byte[] {1, 2, 3});

  @FuzzTest
  void messages(byte[] input) throws Exception {
    Execution.watch(input, LinkFuzzTest::take);
  }

  /// Inputs to start from.
  static Map<String, byte[]> seeds() {
    List<LinkMessage> kinds = LinkCodecTest.kinds().toList();
    return Map.of(
        "hello", input(SIGNED, kinds.get(0)),
        "welcome", input(SIGNED, kinds.get(1)),
        "batch", input(SIGNED, kinds.get(2)),
        "tick", input(SIGNED, kinds.get(3)),
        "unsigned", input((byte) 0, kinds.get(3)));
  }

  private static byte[] input(byte choice, LinkMessage message) {
    byte[] bytes = CODEC.encode(message);
    byte[] input = new byte[1 + bytes.length];
    input[0] = choice;
    System.arraycopy(bytes, 0, input, 1, bytes.length);
    return input;
  }

  private static void take(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
    boolean signed = input[0] == SIGNED && bytes.length >= SIGNATURE_BYTES;
    if (signed) {
      CODEC.seal(bytes);
    }
    try {
      assertThat(CODEC.encode(CODEC.decode(bytes))).isEqualTo(bytes);
    } catch (BadLinkMessageException refused) {
      assertThat(signed && refused.reason() == Reason.BAD_SIGNATURE).isFalse();
    }
  }
}
