package dev.switchboard.delta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.protocol.Json;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.UnencodableException;
import dev.switchboard.testkit.Execution;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Any two payloads, one as a patch against the other.
///
/// The first byte says how often both are repeated, up to the size of a message: whoever publishes
/// chooses what a patch is looked for in. The second says which part of the rest is the base.
class FossilFuzzTest {
  // Instrumented, a byte costs 25 times as much: payloads of 64 KiB, which a node compares in 2 ms,
  // would look like a hang.
  private static final int BYTES_MAX = 16_384;

  @FuzzTest
  void patches(byte[] input) throws Exception {
    Execution.watch(input, FossilFuzzTest::take);
  }

  /// Inputs to start from.
  static Map<String, byte[]> seeds() {
    return Map.of(
        "same", input(1, 16, "0123456789abcdef" + "0123456789abcdef"),
        "begins-otherwise", input(1, 20, "{\"a\":0123456789abcde" + "{\"b\":0123456789abcde"),
        "letters", input(1, 28, "gr\u00fc\u00dfe gr\u00fc\u00dfe gr\u00fc\u00dfe ".repeat(2)),
        "numbers", input(1, 18, "[1,2,3,4,5,6,7,8] [1,2,3,4,9,6,7,8] "),
        "long-and-alike", input(255, 16, "a".repeat(16) + "a".repeat(16) + "b"),
        "long", input(200, 32, "the quick brown fox jumps over it" + " and over it again, the fox"),
        "nothing", input(1, 0, "something"));
  }

  private static byte[] input(int repeats, int base, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    byte[] input = new byte[2 + bytes.length];
    input[0] = (byte) repeats;
    input[1] = (byte) base;
    System.arraycopy(bytes, 0, input, 2, bytes.length);
    return input;
  }

  private static void take(byte[] input) {
    if (input.length < 2) {
      return;
    }
    int repeats = input[0] & 0xff;
    int cut = Math.min(2 + (input[1] & 0xff), input.length);
    byte[] base = repeated(Arrays.copyOfRange(input, 2, cut), repeats);
    byte[] target = repeated(Arrays.copyOfRange(input, cut, input.length), repeats);

    byte[] patch = Fossil.patch(base, target);

    assertThat(Patch.apply(base, patch)).isEqualTo(target);
    assertThat(isText(patch) || !isText(base) || !isText(target)).isTrue();
    chain(base, target);
  }

  /// Small numbers as they are, so that most inputs are short.
  private static byte[] repeated(byte[] part, int repeats) {
    int times = repeats < 128 ? 1 : 1 << (repeats & 15);
    int fits = part.length == 0 ? 0 : BYTES_MAX / part.length;
    byte[] whole = new byte[part.length * Math.clamp(times, 1, Math.max(1, fits))];
    for (int at = 0; at < whole.length; at += part.length) {
      System.arraycopy(part, 0, whole, at, part.length);
    }
    return whole;
  }

  private static boolean isText(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException broken) {
      return false;
    }
  }

  private static void chain(byte[] base, byte[] target) {
    List<Publication> both = List.of(Publication.of(base, null), Publication.of(target, null));
    boolean json = Json.isValue(base) && Json.isValue(target);
    try {
      for (Publication one : Deltas.chain(both, Encoding.JSON)) {
        assertThat(json && Json.isValue(one.data())).isTrue();
      }
    } catch (UnencodableException noJson) {
      assertThat(json).isFalse();
    }
  }
}
