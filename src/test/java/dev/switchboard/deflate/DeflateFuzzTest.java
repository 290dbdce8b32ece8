package dev.switchboard.deflate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.switchboard.testkit.Execution;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Any bytes as a compressed message, and any text as an offer to compress.
///
/// The first byte of an input is 0 for an offer; else it says how often what follows is repeated,
/// up to the size of a compressed message: what is small for a sender must not be dear for us.
class DeflateFuzzTest {
  private static final int MESSAGE_MAX = 65_536;
  private static final int COMPRESSED_MAX = 73_792;
  private static final Deflation DEFLATION = new Deflation(0, 1);

  @FuzzTest
  void messagesAndOffers(byte[] input) throws Exception {
    Execution.watch(input, DeflateFuzzTest::take);
  }

  /// Inputs to start from.
  static Map<String, byte[]> seeds() {
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    seeds.put("offer", offer("permessage-deflate; client_max_window_bits"));
    seeds.put("offers", offer("x; a=\"b,;\\\"c\", permessage-deflate; server_max_window_bits=15"));
    seeds.put("offer-twice", offer("permessage-deflate; server_no_context_takeover; a=1; a"));
    seeds.put(
        "message", message(1, DEFLATION.deflate("hello hello hello".getBytes(ISO_8859_1), 0)));
    seeds.put("zeros", message(1, DEFLATION.deflate(new byte[60_000], 0)));
    seeds.put("bomb", message(1, DEFLATION.deflate(new byte[70_000], 0)));
    seeds.put("stored", message(1, hex("00 0300 fcff 616263")));
    seeds.put("last-block", message(1, hex("01 0300 fcff 616263")));
    seeds.put("many-last-blocks", message(255, hex("0300")));
    seeds.put("many-empty-blocks", message(255, hex("00 0000 ffff")));
    return seeds;
  }

  private static byte[] hex(String bytes) {
    return HexFormat.of().parseHex(bytes.replace(" ", ""));
  }

  private static byte[] offer(String text) {
    return message(0, text.getBytes(ISO_8859_1));
  }

  private static byte[] message(int choice, byte[] bytes) {
    byte[] input = new byte[1 + bytes.length];
    input[0] = (byte) choice;
    System.arraycopy(bytes, 0, input, 1, bytes.length);
    return input;
  }

  private static void take(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(input, 1, input.length);
    int choice = input[0] & 0xff;
    if (choice == 0) {
      List<String> headers = List.of(new String(rest, ISO_8859_1).split("\n", -1));
      DeflateOffer.answer(headers)
          .ifPresent(answer -> assertThat(answer).startsWith("permessage-deflate; server_no"));
    } else {
      check(repeated(rest, choice));
    }
  }

  /// Small numbers as they are, so that most inputs are short.
  private static byte[] repeated(byte[] part, int choice) {
    int fits = part.length == 0 ? 1 : Math.max(1, COMPRESSED_MAX / part.length);
    int times = choice < 128 ? 1 : Math.min(fits, 1 << (choice & 31) % 18);
    byte[] whole = new byte[part.length * times];
    for (int at = 0; at < whole.length; at += part.length) {
      System.arraycopy(part, 0, whole, at, part.length);
    }
    return whole;
  }

  private static void check(byte[] compressed) {
    if (DEFLATION.inflate(compressed, MESSAGE_MAX) instanceof Inflated.Whole(byte[] message)) {
      assertThat(message.length).isLessThanOrEqualTo(MESSAGE_MAX);
      byte[] again = DEFLATION.deflate(message, 0);
      if (again != null) {
        assertThat(DEFLATION.inflate(again, MESSAGE_MAX))
            .isInstanceOfSatisfying(
                Inflated.Whole.class, whole -> assertThat(whole.message()).isEqualTo(message));
      }
    }
  }
}
