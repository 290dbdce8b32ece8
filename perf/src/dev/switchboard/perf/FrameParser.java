package dev.switchboard.perf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Cuts received bytes into whole WebSocket frames of a server.
///
/// Without state: it consumes whole frames and leaves the buffer's position at the first byte of an
/// unfinished one, which the caller keeps. So thousands of sockets share one read buffer.
final class FrameParser {
  private static final int TEXT = 0x1;
  private static final int BINARY = 0x2;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int PONG = 0xA;
  private static final int FINAL = 0x80;
  private static final int COMPRESSED = 0x40;
  private static final int MASKED = 0x80;

  private FrameParser() {}

  /// What becomes of a frame.
  interface Sink {
    /// A whole text message: `length` bytes of `in` from index `at`.
    void onText(ByteBuffer in, int at, int length);

    /// A whole binary message, likewise.
    default void onBinary(ByteBuffer in, int at, int length) {
      throw PerfException.failed("the server sent a binary message");
    }

    /// A text message, compressed.
    default void onCompressed(ByteBuffer in, int at, int length) {
      throw PerfException.failed("the server sent a compressed message");
    }

    /// A WebSocket ping that wants the same payload back.
    void onPing(byte[] payload);

    /// The server says goodbye.
    void onClose(int code, String reason);
  }

  /// Hands every whole frame between position and limit to `sink`.
  static void parse(ByteBuffer in, Sink sink) {
    while (in.remaining() >= 2) {
      int start = in.position();
      int shortLength = in.get(start + 1) & 0x7F;
      int headerBytes = shortLength < 126 ? 2 : shortLength == 126 ? 4 : 10;
      if ((in.get(start + 1) & MASKED) != 0) {
        throw PerfException.failed("the server sent a masked frame");
      }
      if (in.remaining() < headerBytes) {
        return;
      }
      long length = length(in, start, shortLength);
      if (length > in.capacity() - headerBytes) {
        throw PerfException.failed("a frame of " + length + " bytes does not fit the read buffer");
      }
      if (in.remaining() < headerBytes + length) {
        return;
      }
      int payload = start + headerBytes;
      in.position(payload + (int) length);
      dispatch(in, in.get(start) & 0xFF, payload, (int) length, sink);
    }
  }

  private static long length(ByteBuffer in, int start, int shortLength) {
    if (shortLength < 126) {
      return shortLength;
    }
    int bytes = shortLength == 126 ? 2 : 8;
    long length = 0;
    for (int i = 0; i < bytes; i++) {
      length = length << 8 | in.get(start + 2 + i) & 0xFF;
    }
    return length < 0 ? Long.MAX_VALUE : length;
  }

  private static void dispatch(ByteBuffer in, int first, int at, int length, Sink sink) {
    int opcode = first & 0x0F;
    if ((first & FINAL) == 0) {
      throw PerfException.failed("the server split a message over several frames");
    }
    switch (opcode) {
      case TEXT -> {
        if ((first & COMPRESSED) == 0) {
          sink.onText(in, at, length);
        } else {
          sink.onCompressed(in, at, length);
        }
      }
      case BINARY -> sink.onBinary(in, at, length);
      case PING -> sink.onPing(copy(in, at, length));
      case CLOSE -> sink.onClose(closeCode(in, at, length), closeReason(in, at, length));
      case PONG -> {}
      default -> throw PerfException.failed("unexpected frame of opcode " + opcode);
    }
  }

  private static int closeCode(ByteBuffer in, int at, int length) {
    return length < 2 ? 1005 : (in.get(at) & 0xFF) << 8 | in.get(at + 1) & 0xFF;
  }

  private static String closeReason(ByteBuffer in, int at, int length) {
    return length <= 2 ? "" : new String(copy(in, at + 2, length - 2), StandardCharsets.UTF_8);
  }

  private static byte[] copy(ByteBuffer in, int at, int length) {
    byte[] bytes = new byte[length];
    in.get(at, bytes);
    return bytes;
  }
}
