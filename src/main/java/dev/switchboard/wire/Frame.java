package dev.switchboard.wire;

import dev.switchboard.protocol.Encoding;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// One complete, immutable WebSocket frame from the server (RFC 6455, 5.2: never masked).
///
/// Made once and shared by every socket it goes to; safe on any thread.
public final class Frame {
  private static final int TEXT = 0x1;
  private static final int BINARY = 0x2;
  private static final int CLOSE = 0x8;
  private static final int PONG = 0xa;
  private static final int FINAL = 0x80;
  private static final int CONTROL_PAYLOAD_MAX = 125;

  private final byte[] bytes;

  private Frame(int opcode, byte[] payload) {
    int header = payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10;
    bytes = new byte[header + payload.length];
    bytes[0] = (byte) (FINAL | opcode);
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
  }

  /// A whole message: text for JSON, binary for Protobuf.
  public static Frame of(Encoding encoding, byte[] payload) {
    return switch (encoding) {
      case JSON -> new Frame(TEXT, payload);
      case PROTOBUF -> new Frame(BINARY, payload);
    };
  }

  /// A close frame; a reason over 123 bytes is cut at a character.
  static Frame close(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, CONTROL_PAYLOAD_MAX - 2);
    while (length < text.length && length > 0 && (text[length] & 0xc0) == 0x80) {
      length--;
    }
    byte[] payload = new byte[2 + length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(text, 0, payload, 2, length);
    return new Frame(CLOSE, payload);
  }

  /// A close frame without a code, the answer to one without a code.
  static Frame closeWithoutCode() {
    return new Frame(CLOSE, new byte[0]);
  }

  /// The answer to a ping, with the ping's own payload.
  static Frame pong(byte[] payload) {
    return new Frame(PONG, payload);
  }

  /// Header and payload together, in bytes.
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
