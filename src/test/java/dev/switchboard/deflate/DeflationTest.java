package dev.switchboard.deflate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.Zlib;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeflationTest {
  private static final int MAX = 65_536;

  private final Deflation deflation = new Deflation(1, 1);

  private static byte[] text(int length) {
    return "{\"price\":101.25,\"size\":300,\"side\":\"buy\"}\n"
        .repeat(1 + length / 40)
        .substring(0, length)
        .getBytes(US_ASCII);
  }

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new Random(length).nextBytes(noise);
    return noise;
  }

  private Inflated inflate(byte[] payload) {
    return deflation.inflate(payload, MAX);
  }

  private static void assertWhole(Inflated inflated, byte[] message) {
    assertThat(inflated).isInstanceOf(Inflated.Whole.class);
    assertThat(((Inflated.Whole) inflated).message()).isEqualTo(message);
  }

  /// The examples of RFC 7692, 7.2.3, and others that are as lawful.
  @ParameterizedTest
  @CsvSource({
    "Hello, f248cdc9c90700",
    // With a block that is stored.
    "Hello, 000500faff48656c6c6f00",
    // With a last block, and what makes it be read like the others.
    "Hello, f348cdc9c9070000",
    // With a last block only.
    "Hello, f348cdc9c90700",
    // With a last block that is empty and lacks its end.
    "Hello, 000500faff48656c6c6f01",
    // In two blocks, between which was a flush.
    "Hello, f248050000 00ffffcac9c90700",
    // Two last blocks.
    "HelloHello, f348cdc9c90700f348cdc9c9070000",
    "'', 00",
    "'', 0200",
    "'', 0300"
  })
  void lawfulMessagesAreInflated(String message, String payload) {
    // When
    Inflated inflated = inflate(HexFormat.of().parseHex(payload.replace(" ", "")));

    // Then
    assertWhole(inflated, message.getBytes(US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Nothing at all.
        "",
        // Cut off: in a block, in a stored one, before its length.
        "f248cdc9",
        "f248cdc9c907",
        "000500faff48656c6c",
        "0005",
        // The tail is there already.
        "f248cdc9c907000000ffff",
        // A stored block that would end in what is added.
        "000900f6ff48656c6c6f",
        // A block of a kind that does not exist.
        "07",
        // Lengths that contradict each other.
        "000500000048656c6c6f00",
        // Back to before the beginning: the second `Hello` of a sender that keeps its context.
        "f200110000",
        // What zlib and gzip put around it.
        "789cf348cdc9c907000000ffff",
        "1f8b0800000000000003f348cdc9c90700"
      })
  void whatIsNoWholeMessageIsBroken(String payload) {
    assertThat(inflate(HexFormat.of().parseHex(payload))).isEqualTo(new Inflated.Broken());
  }

  @Property
  void whatIsCutOffIsNeverTakenForWhole(@ForAll @IntRange(min = 1, max = 5_000) int length) {
    // Given
    byte[] payload = Zlib.deflate(text(length));

    // When
    var random = new Random(length);
    Inflated inflated = inflate(Arrays.copyOf(payload, random.nextInt(payload.length)));

    // Then
    assertThat(inflated).isEqualTo(new Inflated.Broken());
  }

  @Property
  void noiseNeverFails(@ForAll byte[] payload) {
    assertThat(deflation.inflate(payload, 1_000)).isNotNull();
  }

  @Property
  void whatWasCompressedComesBack(@ForAll byte[] message, @ForAll @IntRange(max = 20) int from) {
    // Given
    byte[] bytes = new byte[from + message.length];
    System.arraycopy(message, 0, bytes, from, message.length);

    // When
    byte[] payload = deflation.deflate(bytes, from);

    // Then
    if (payload != null) {
      assertThat(payload.length).isLessThan(message.length);
      assertThat(Zlib.inflate(payload)).isEqualTo(message);
      assertWhole(inflate(payload), message);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 16_380, 16_384, 16_385, 65_536, 300_000})
  void messagesOfAnyLengthAreCompressedAndComeBack(int length) {
    // When
    byte[] payload = deflation.deflate(text(length), 0);

    // Then
    assertThat(payload).hasSizeLessThan(length);
    assertWhole(deflation.inflate(payload, length), text(length));
  }

  @Test
  void everyMessageIsCompressedAsIfItWereTheFirst() {
    // Given
    byte[] first = deflation.deflate(text(1_000), 0);
    byte[] other = deflation.deflate(noise(50), 0);
    inflate(noise(50));

    // When
    byte[] again = deflation.deflate(text(1_000), 0);

    // Then
    assertThat(other).isNull();
    assertThat(again).isEqualTo(first).isEqualTo(new Deflation(1, 1).deflate(text(1_000), 0));
    assertThat(deflation.runs()).isEqualTo(3);
  }

  @Test
  void shortMessagesAndNoiseStayAsTheyAre() {
    // Given
    var choosy = new Deflation(100, 9);

    // When
    byte[] tooShort = choosy.deflate(text(109), 10);
    byte[] longEnough = choosy.deflate(text(110), 10);

    // Then
    assertThat(tooShort).isNull();
    assertThat(choosy.runs()).isEqualTo(1);
    assertThat(longEnough).hasSizeLessThan(100);
    assertThat(choosy.deflate(noise(100), 0)).isNull();
    assertThat(choosy.deflate(noise(70_000), 0)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "100,100,true",
    "101,100,false",
    "65536,65536,true",
    "65537,65536,false",
    "1,0,false"
  })
  void theLimitIsThatOfTheInflatedMessage(int length, int max, boolean fits) {
    // When
    Inflated inflated = deflation.inflate(Zlib.deflate(text(length)), max);

    // Then
    if (fits) {
      assertWhole(inflated, text(length));
    } else {
      assertThat(inflated).isEqualTo(new Inflated.TooLong());
    }
  }

  @Test
  void aMessageAfterABadOneIsReadAsEver() {
    // Given
    inflate(HexFormat.of().parseHex("f248cdc9"));
    deflation.inflate(Zlib.deflate(text(1_000)), 100);

    // When
    Inflated inflated = inflate(Zlib.deflate(text(50)));

    // Then
    assertWhole(inflated, text(50));
  }

  @Test
  void aBombIsNeverInflated() {
    // Given
    byte[] bomb = Zlib.deflate(new byte[60_000_000]);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    inflate(bomb);
    long before = threads.getCurrentThreadAllocatedBytes();

    // When
    Inflated inflated = inflate(bomb);

    // Then
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(bomb).hasSizeLessThan(65_000);
    assertThat(inflated).isEqualTo(new Inflated.TooLong());
    assertThat(allocated).isLessThan(2 * MAX);
  }
}
