package dev.switchboard.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.switchboard.deflate.Deflation;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.protocol.Push;
import dev.switchboard.protocol.UnencodableException;
import java.util.Arrays;

/// One complete, immutable message from the server as it stands on the wire: a WebSocket frame (RFC
/// 6455, 5.2: never masked) or a chunk of an HTTP response (RFC 9112, 7.1).
///
/// Made once and shared by every socket it goes to; safe on any thread.
public final class Frame {
  private static final int TEXT = 0x1;
  private static final int BINARY = 0x2;
  private static final int CLOSE = 0x8;
  private static final int PONG = 0xa;
  private static final int OPCODE = 0xf;
  private static final int FINAL = 0x80;
  private static final int COMPRESSED = 0x40;
  private static final int CONTROL_PAYLOAD_MAX = 125;
  private static final byte[] LINE_END = {'\n'};
  private static final byte[] NOTHING = {};
  private static final byte[] EVENT_START = "data: ".getBytes(US_ASCII);
  private static final byte[] EVENT_END = "\n\n".getBytes(US_ASCII);
  private static final byte[] CHUNK_END = "\r\n".getBytes(US_ASCII);
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);

  private final byte[] bytes;
  private Frame deflated;

  private Frame(byte[] bytes) {
    this.bytes = bytes;
  }

  /// @param first the bits of the first byte, but for FIN
  private static Frame webSocket(int first, byte[] payload) {
    int header = payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10;
    byte[] bytes = new byte[header + payload.length];
    bytes[0] = (byte) (FINAL | first);
    if (header == 2) {
      bytes[1] = (byte) payload.length;
    } else {
      bytes[1] = (byte) (header == 4 ? 126 : 127);
      long left = payload.length;
      for (int index = header - 1; index > 1; index--) {
        bytes[index] = (byte) left;
        left >>= 8;
      }
    }
    System.arraycopy(payload, 0, bytes, header, payload.length);
    return new Frame(bytes);
  }

  private static byte[] chunk(byte[] start, byte[] payload, byte[] end) {
    int size = start.length + payload.length + end.length;
    byte[] header = (Integer.toHexString(size) + "\r\n").getBytes(US_ASCII);
    return joined(header, start, payload, end, CHUNK_END);
  }

  private static byte[] joined(byte[]... parts) {
    int size = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] all = new byte[size];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  /// A whole message.
  public static Frame of(Framing framing, byte[] payload) {
    return switch (framing.carrier()) {
      case WEBSOCKET -> webSocket(framing.encoding() == Encoding.JSON ? TEXT : BINARY, payload);
      case HTTP_STREAM, SSE -> new Frame(chunk(framing, payload));
    };
  }

  private static byte[] chunk(Framing framing, byte[] payload) {
    return switch (framing.carrier()) {
      case SSE -> chunk(EVENT_START, payload, EVENT_END);
      // Protobuf says itself where a message ends.
      case HTTP_STREAM ->
          chunk(NOTHING, payload, framing.encoding() == Encoding.JSON ? LINE_END : NOTHING);
      case WEBSOCKET -> throw new IllegalArgumentException("a WebSocket has no chunks");
    };
  }

  /// The last message: a close frame whose reason is cut at a character when it is over 123 bytes,
  /// or a push of the same and the end of the response.
  static Frame close(Framing framing, int code, String reason) {
    if (!framing.isResponse()) {
      return closeFrame(code, reason);
    }
    try {
      byte[] push = framing.codec().encode(new Push.Disconnect(code, reason));
      return new Frame(joined(chunk(framing, push), LAST_CHUNK));
    } catch (UnencodableException impossible) {
      throw new IllegalStateException("there is no payload in it", impossible);
    }
  }

  private static Frame closeFrame(int code, String reason) {
    byte[] text = reason.getBytes(UTF_8);
    int length = Math.min(text.length, CONTROL_PAYLOAD_MAX - 2);
    while (length < text.length && length > 0 && (text[length] & 0xc0) == 0x80) {
      length--;
    }
    byte[] payload = new byte[2 + length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(text, 0, payload, 2, length);
    return webSocket(CLOSE, payload);
  }

  /// A close frame without a code, the answer to one without a code.
  static Frame closeWithoutCode() {
    return webSocket(CLOSE, NOTHING);
  }

  /// The answer to a ping, with the ping's own payload.
  static Frame pong(byte[] payload) {
    return webSocket(PONG, payload);
  }

  /// The same message compressed, with RSV1 set (RFC 7692, 7.2.1); this frame when it is too short
  /// for that, or would not get shorter. Of a message in a WebSocket frame only.
  ///
  /// Made at the first call and kept for all others, so a publication is compressed once for all
  /// its subscribers. Loops that race make the same of it twice, as immutable as this.
  Frame deflated(Deflation deflation) {
    Frame known = deflated;
    if (known == null) {
      byte[] payload = deflation.deflate(bytes, headerBytes());
      known = payload == null ? this : webSocket(COMPRESSED | bytes[0] & OPCODE, payload);
      deflated = known;
    }
    return known;
  }

  private int headerBytes() {
    return switch (bytes[1]) {
      case 126 -> 4;
      case 127 -> 10;
      default -> 2;
    };
  }

  /// All of it, in bytes.
  public int size() {
    return bytes.length;
  }

  byte[] bytes() {
    return bytes;
  }

  @Override
  public String toString() {
    return "Frame[" + Arrays.hashCode(bytes) + ", " + bytes.length + " bytes]";
  }
}
