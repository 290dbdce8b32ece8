package dev.switchboard.perf;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Builds the masked WebSocket frames a client sends.
final class Frames {
  /// For whoever says nothing.
  static final byte[] NOTHING = new byte[0];

  private static final int TEXT = 0x81;
  private static final int BINARY = 0x82;
  private static final int PONG = 0x8A;
  private static final int CLOSE = 0x88;

  private Frames() {}

  /// One text frame.
  static byte[] text(String text) {
    return frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /// One binary frame.
  static byte[] binary(byte[] message) {
    return frame(BINARY, message);
  }

  /// One text frame per entry, back to back, so that one write carries them all.
  static byte[] texts(List<String> texts) {
    byte[][] frames = texts.stream().map(Frames::text).toArray(byte[][]::new);
    int bytes = 0;
    for (byte[] frame : frames) {
      bytes += frame.length;
    }
    byte[] joined = new byte[bytes];
    int at = 0;
    for (byte[] frame : frames) {
      System.arraycopy(frame, 0, joined, at, frame.length);
      at += frame.length;
    }
    return joined;
  }

  /// The answer to a WebSocket ping.
  static byte[] pong(byte[] payload) {
    return frame(PONG, payload);
  }

  /// The frame with which a client says goodbye.
  static byte[] close(int code) {
    return frame(CLOSE, new byte[] {(byte) (code >>> 8), (byte) code});
  }

  private static byte[] frame(int first, byte[] payload) {
    int length = payload.length;
    int lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8;
    byte[] frame = new byte[2 + lengthBytes + 4 + length];
    frame[0] = (byte) first;
    frame[1] = (byte) (0x80 | (lengthBytes == 0 ? length : lengthBytes == 2 ? 126 : 127));
    for (int i = 0; i < lengthBytes; i++) {
      frame[2 + i] = (byte) ((long) length >>> 8 * (lengthBytes - 1 - i));
    }
    int at = 2 + lengthBytes;
    int mask = ThreadLocalRandom.current().nextInt();
    for (int i = 0; i < 4; i++) {
      frame[at + i] = (byte) (mask >>> 24 - 8 * i);
    }
    for (int i = 0; i < length; i++) {
      frame[at + 4 + i] = (byte) (payload[i] ^ frame[at + (i & 3)]);
    }
    return frame;
  }
}
