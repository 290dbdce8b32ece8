package dev.switchboard.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.deflate.Deflation;
import dev.switchboard.testkit.Zlib;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameTest {
  @ParameterizedTest
  @CsvSource({
    "0,8100",
    "1,8101",
    "125,817d",
    "126,817e007e",
    "127,817e007f",
    "65535,817effff",
    "65536,817f0000000000010000",
    "70000,817f0000000000011170"
  })
  void theHeaderIsTheShortest(int size, String header) {
    // When
    byte[] bytes = Frame.of(Framing.WEBSOCKET_JSON, new byte[size]).bytes();

    // Then
    byte[] expected = HexFormat.of().parseHex(header);
    assertThat(Arrays.copyOf(bytes, expected.length)).isEqualTo(expected);
    assertThat(bytes).hasSize(expected.length + size);
  }

  @Test
  void theKindsHaveTheirOpcodes() {
    // Given
    byte[] payload = {1, 2};

    // When // Then
    assertThat(Frame.of(Framing.WEBSOCKET_PROTOBUF, payload).bytes())
        .containsExactly(0x82, 2, 1, 2);
    assertThat(Frame.pong(payload).bytes()).containsExactly(0x8a, 2, 1, 2);
    assertThat(Frame.closeWithoutCode().bytes()).containsExactly(0x88, 0);
    assertThat(Frame.close(Framing.WEBSOCKET_JSON, 1000, "").bytes())
        .containsExactly(0x88, 2, 0x03, 0xe8);
    assertThat(Frame.close(Framing.WEBSOCKET_JSON, 4999, "x").bytes())
        .containsExactly(0x88, 3, 0x13, 0x87, 'x');
  }

  @ParameterizedTest
  @CsvSource({"WEBSOCKET_JSON,40,c1", "WEBSOCKET_JSON,200,c1", "WEBSOCKET_PROTOBUF,70000,c2"})
  void aFrameIsCompressedOnceForAllWhoGetIt(Framing framing, int size, String first) {
    // Given
    var deflation = new Deflation(40, 1);
    Frame frame = Frame.of(framing, new byte[size]);

    // When
    Frame deflated = frame.deflated(deflation);

    // Then
    assertThat(frame.deflated(deflation)).isSameAs(deflated);
    assertThat(deflation.runs()).isEqualTo(1);
    byte[] bytes = deflated.bytes();
    assertThat(HexFormat.of().toHexDigits(bytes[0])).isEqualTo(first);
    int header = bytes[1] < 126 ? 2 : 4;
    byte[] payload = Arrays.copyOfRange(bytes, header, bytes.length);
    assertThat(Zlib.inflate(payload)).isEqualTo(new byte[size]);
  }

  @Test
  void aFrameThatDoesNotGetShorterIsItsOwnCompressedForm() {
    // Given
    var deflation = new Deflation(3, 1);
    Frame small = Frame.of(Framing.WEBSOCKET_JSON, new byte[2]);
    Frame dense = Frame.of(Framing.WEBSOCKET_JSON, new byte[] {1, 2, 3});

    // Then
    assertThat(small.deflated(deflation)).isSameAs(small);
    assertThat(dense.deflated(deflation)).isSameAs(dense);
    assertThat(dense.deflated(deflation)).isSameAs(dense);
    assertThat(deflation.runs()).isEqualTo(1);
  }

  @Property
  void aReasonIsUtf8OfAtMost123Bytes(
      @ForAll @IntRange(min = 1000, max = 4999) int code,
      @ForAll @StringLength(max = 200) String reason)
      throws CharacterCodingException {
    // Given
    byte[] whole = reason.getBytes(StandardCharsets.UTF_8);

    // When
    byte[] bytes = Frame.close(Framing.WEBSOCKET_JSON, code, reason).bytes();

    // Then
    int length = bytes[1];
    assertThat(length).isBetween(2, 125).isEqualTo(bytes.length - 2);
    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 4, length - 2));
    byte[] kept = Arrays.copyOfRange(bytes, 4, bytes.length);
    assertThat(kept).isEqualTo(Arrays.copyOf(whole, kept.length));
    assertThat(kept.length).isGreaterThanOrEqualTo(Math.min(whole.length, 120));
  }

  @Test
  void aChunkHoldsALineAnEventOrBytes() {
    // Given
    byte[] payload = "{}".getBytes(StandardCharsets.US_ASCII);

    // Then
    assertThat(text(Frame.of(Framing.HTTP_STREAM_JSON, payload))).isEqualTo("3\r\n{}\n\r\n");
    assertThat(text(Frame.of(Framing.HTTP_STREAM_PROTOBUF, payload))).isEqualTo("2\r\n{}\r\n");
    assertThat(text(Frame.of(Framing.SSE, payload))).isEqualTo("a\r\ndata: {}\n\n\r\n");
    assertThat(text(Frame.of(Framing.UNI_SSE, new byte[300])))
        .startsWith("134\r\ndata: ")
        .hasSize(300 + 5 + 6 + 4);
  }

  @Test
  void aResponseEndsWithAPushAndTheLastChunk() {
    assertThat(text(Frame.close(Framing.HTTP_STREAM_JSON, 3001, "shutdown")))
        .isEqualTo(
            "3a\r\n{\"push\":{\"disconnect\":{\"code\":3001,\"reason\":\"shutdown\"}}}\n\r\n"
                + "0\r\n\r\n");
    assertThat(text(Frame.close(Framing.UNI_SSE, 3001, "")))
        .isEqualTo("24\r\ndata: {\"disconnect\":{\"code\":3001}}\n\n\r\n0\r\n\r\n");
  }

  private static String text(Frame frame) {
    return new String(frame.bytes(), StandardCharsets.US_ASCII);
  }
}
