package dev.switchboard.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A frame as a client writes it (RFC 6455, 5.2), with everything a client can get wrong.
///
/// @param opcode 0 to 15
/// @param fin whether it ends its message
/// @param rsv the three reserved bits, 0 to 7
/// @param masked whether mask bit and key are there
/// @param lengthForm 7, 16 or 64 bits of length; 0 for the shortest that fits
/// @param length the length it claims
/// @param key the masking key
/// @param payload what follows, unmasked here
public record ClientFrame(
    int opcode,
    boolean fin,
    int rsv,
    boolean masked,
    int lengthForm,
    long length,
    int key,
    byte[] payload) {
  /// Opcodes of RFC 6455, 11.8.
  public static final int CONTINUATION = 0;

  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  // The example of RFC 6455, 5.7.
  private static final int EXAMPLE_KEY = 0x37fa213d;

  /// A lawful frame, final and masked.
  public static ClientFrame of(int opcode, byte[] payload) {
    return new ClientFrame(opcode, true, 0, true, 0, payload.length, EXAMPLE_KEY, payload);
  }

  /// The same with an ASCII or UTF-8 payload.
  public static ClientFrame of(int opcode, String payload) {
    return of(opcode, payload.getBytes(StandardCharsets.UTF_8));
  }

  /// A whole text message.
  public static ClientFrame text(String text) {
    return of(TEXT, text);
  }

  /// A close frame with a code and a reason.
  public static ClientFrame close(int code, String reason) {
    return close(code, reason.getBytes(StandardCharsets.UTF_8));
  }

  /// A close frame with a code and any bytes for a reason.
  public static ClientFrame close(int code, byte[] reason) {
    byte[] payload =
        ByteBuffer.allocate(2 + reason.length).putShort((short) code).put(reason).array();
    return of(CLOSE, payload);
  }

  /// This frame without FIN.
  public ClientFrame more() {
    return new ClientFrame(opcode, false, rsv, masked, lengthForm, length, key, payload);
  }

  /// This frame with other reserved bits.
  public ClientFrame rsv(int bits) {
    return new ClientFrame(opcode, fin, bits, masked, lengthForm, length, key, payload);
  }

  /// This frame without a mask.
  public ClientFrame unmasked() {
    return new ClientFrame(opcode, fin, rsv, false, lengthForm, length, key, payload);
  }

  /// This frame with another masking key.
  public ClientFrame key(int other) {
    return new ClientFrame(opcode, fin, rsv, masked, lengthForm, length, other, payload);
  }

  /// This frame with its length written in 7, 16 or 64 bits, and any length claimed.
  public ClientFrame claiming(int bits, long other) {
    return new ClientFrame(opcode, fin, rsv, masked, bits, other, key, payload);
  }

  /// What goes over the wire.
  public byte[] bytes() {
    int form = lengthForm != 0 ? lengthForm : length < 126 ? 7 : length < 65_536 ? 16 : 64;
    int maskBit = masked ? 0x80 : 0;
    ByteBuffer head = ByteBuffer.allocate(14);
    head.put((byte) ((fin ? 0x80 : 0) | rsv << 4 | opcode));
    switch (form) {
      case 7 -> head.put((byte) (maskBit | (int) length));
      case 16 -> head.put((byte) (maskBit | 126)).putShort((short) length);
      default -> head.put((byte) (maskBit | 127)).putLong(length);
    }
    byte[] body = payload.clone();
    if (masked) {
      head.putInt(key);
      for (int index = 0; index < body.length; index++) {
        body[index] ^= (byte) (key >>> 24 - 8 * (index & 3));
      }
    }
    return join(Arrays.copyOf(head.array(), head.position()), body);
  }

  /// The bytes of several frames behind each other.
  public static byte[] bytes(ClientFrame... frames) {
    byte[][] parts = new byte[frames.length][];
    for (int index = 0; index < frames.length; index++) {
      parts[index] = frames[index].bytes();
    }
    return join(parts);
  }

  private static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
