package dev.switchboard.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchboard.link.BadLinkMessageException.Reason;
import dev.switchboard.link.LinkMessage.Batch;
import dev.switchboard.link.LinkMessage.Beat;
import dev.switchboard.link.LinkMessage.Entry;
import dev.switchboard.link.LinkMessage.Header;
import dev.switchboard.link.LinkMessage.Hello;
import dev.switchboard.link.LinkMessage.Tick;
import dev.switchboard.link.LinkMessage.Welcome;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LinkCodecTest {
  private static final int SEQUENCE_AT = 76;
  private static final int DROPPED_AT = SEQUENCE_AT + 8;
  private static final int FLAG_AT = DROPPED_AT + 8;
  private static final int COUNT_AT = FLAG_AT + 1;
  private static final int FIRST_LENGTH_AT = COUNT_AT + 4 + 9;
  private static final Header HEADER = new Header(1, 2, 3, 4, 5, new Beat(6, 7, 8, 9));
  private static final Batch BATCH =
      new Batch(
          HEADER,
          10,
          11,
          true,
          List.of(
              new Entry(12, new Item(true, new byte[] {13, 14})),
              new Entry(-15, new Item(false, new byte[0]))));

  private final LinkCodec codec = new LinkCodec(new byte[] {1, 2, 3});

  static Stream<LinkMessage> kinds() {
    return Stream.of(
        new Hello(HEADER, 16, 17, 18), new Welcome(HEADER, 19, 20), BATCH, new Tick(HEADER, 21));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatIsEncodedComesBack(LinkMessage message) throws BadLinkMessageException {
    // When
    LinkMessage decoded = codec.decode(codec.encode(message));

    // Then
    assertThat(decoded).usingRecursiveComparison().isEqualTo(message);
  }

  @Property(tries = 200)
  void anyBatchComesBack(
      @ForAll long[] numbers, @ForAll boolean ackNow, @ForAll @Size(max = 30) List<byte[]> items)
      throws BadLinkMessageException {
    // Given
    long any = numbers.length == 0 ? 0 : numbers[0];
    Header header = new Header(any, -any, any / 2, any / 3, any / 5, new Beat(any, 1, any, -1));
    List<Entry> entries = new ArrayList<>();
    items.forEach(bytes -> entries.add(new Entry(any, new Item(bytes.length % 2 == 0, bytes))));
    Batch batch = new Batch(header, 1 + Math.abs(any / 2), 1, ackNow, entries);

    // When
    LinkMessage decoded = codec.decode(codec.encode(batch));

    // Then
    assertThat(decoded).usingRecursiveComparison().isEqualTo(batch);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyTruncationIsRefused(LinkMessage message) {
    // Given
    byte[] bytes = codec.encode(message);

    for (int length = 0; length < bytes.length; length++) {
      // When
      Reason reason = refusal(Arrays.copyOf(bytes, length));

      // Then
      assertThat(reason).as("first %d bytes", length).isNotNull();
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyTruncationIsRefusedWhenSigned(LinkMessage message) {
    // Given
    byte[] bytes = codec.encode(message);

    for (int length = 16; length < bytes.length; length++) {
      byte[] shorter = Arrays.copyOf(bytes, length);
      codec.seal(shorter);

      // When
      Reason reason = refusal(shorter);

      // Then
      assertThat(reason).as("first %d bytes", length).isNotNull();
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void moreThanAMessageIsRefusedWhenSigned(LinkMessage message) {
    // Given
    byte[] bytes = codec.encode(message);
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    System.arraycopy(bytes, bytes.length - 16, longer, longer.length - 16, 16);
    codec.seal(longer);

    // When
    Reason reason = refusal(longer);

    // Then
    assertThat(reason).isEqualTo(Reason.MALFORMED);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyFlippedBitIsRefused(LinkMessage message) {
    // Given
    byte[] bytes = codec.encode(message);

    for (int bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit / 8] ^= (byte) (1 << bit % 8);

      // When
      Reason reason = refusal(bytes);

      // Then
      assertThat(reason).as("bit %d", bit).isNotNull();
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anotherClustersKeyIsRefused(LinkMessage message) {
    // Given
    byte[] bytes = new LinkCodec(new byte[] {1, 2, 4}).encode(message);

    // When
    Reason reason = refusal(bytes);

    // Then
    assertThat(reason).isEqualTo(Reason.BAD_SIGNATURE);
  }

  @Test
  void aSignatureCountsForItsOwnMessageOnly() {
    // Given
    byte[] one = codec.encode(new Tick(HEADER, 1));
    byte[] two = codec.encode(new Tick(HEADER, 2));
    System.arraycopy(two, two.length - 16, one, one.length - 16, 16);

    // When
    Reason reason = refusal(one);

    // Then
    assertThat(reason).isEqualTo(Reason.BAD_SIGNATURE);
  }

  @ParameterizedTest
  @CsvSource({
    COUNT_AT + ", 2147483647",
    COUNT_AT + ", 3",
    COUNT_AT + ", 1",
    COUNT_AT + ", -1",
    FIRST_LENGTH_AT + ", 2147483647",
    FIRST_LENGTH_AT + ", 16",
    FIRST_LENGTH_AT + ", -1",
    FLAG_AT + ", 33554434",
    DROPPED_AT + ", -2147483648",
    DROPPED_AT + ", 2147483647",
    SEQUENCE_AT + ", -1"
  })
  void aForgedNumberIsRefusedEvenWhenSigned(int at, int value) {
    // Given
    byte[] bytes = codec.encode(BATCH);
    ByteBuffer.wrap(bytes).putInt(at, value);
    if (at == DROPPED_AT) {
      ByteBuffer.wrap(bytes).putInt(SEQUENCE_AT, Integer.MAX_VALUE);
    }
    codec.seal(bytes);

    // When
    Reason reason = refusal(bytes);

    // Then
    assertThat(reason).isEqualTo(Reason.MALFORMED);
  }

  @ParameterizedTest
  @CsvSource({COUNT_AT + ", 100000000", FIRST_LENGTH_AT + ", 100000000"})
  void aForgedLengthAllocatesNothing(int at, int value) {
    // Given
    byte[] bytes = codec.encode(BATCH);
    ByteBuffer.wrap(bytes).putInt(at, value);
    codec.seal(bytes);
    refusal(bytes);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    // When
    refusal(bytes);

    // Then
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
  }

  @Test
  void anUnknownTypeIsRefusedEvenWhenSigned() {
    // Given
    byte[] bytes = codec.encode(new Tick(HEADER, 1));
    bytes[3] = 9;
    codec.seal(bytes);

    // When
    Reason reason = refusal(bytes);

    // Then
    assertThat(reason).isEqualTo(Reason.UNKNOWN_FORMAT);
  }

  private Reason refusal(byte[] bytes) {
    var refused = catchThrowableOfType(BadLinkMessageException.class, () -> codec.decode(bytes));
    return refused == null ? null : refused.reason();
  }
}
