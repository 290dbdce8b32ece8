package dev.switchboard.perf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// A message of Protobuf that is being written, and a look into one that came: as much as a client
/// needs that has no library.
final class Proto {
  private static final int VARINT = 0;
  private static final int DELIMITED = 2;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Proto number(int field, long value) {
    varint(field << 3 | VARINT);
    varint(value);
    return this;
  }

  Proto text(int field, String text) {
    return field(field, text.getBytes(StandardCharsets.UTF_8));
  }

  Proto message(int field, Proto message) {
    return field(field, message.bytes());
  }

  private Proto field(int field, byte[] content) {
    varint(field << 3 | DELIMITED);
    varint(content.length);
    out.writeBytes(content);
    return this;
  }

  private void varint(long value) {
    for (; (value & ~0x7FL) != 0; value >>>= 7) {
      out.write((int) (value & 0x7F | 0x80));
    }
    out.write((int) value);
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  /// The message behind its length, as it goes into a frame.
  byte[] delimited() {
    Proto all = new Proto();
    all.varint(out.size());
    all.out.writeBytes(bytes());
    return all.bytes();
  }

  /// What a text or message field holds; empty where the message has no such field.
  ///
  /// @param message with a character for every byte
  static Optional<String> find(String message, int field) {
    int at = 0;
    while (at < message.length()) {
      long tag = varint(message, at);
      at += varintBytes(message, at);
      long value = varint(message, at);
      at += varintBytes(message, at);
      switch ((int) tag & 7) {
        case VARINT -> {}
        case DELIMITED -> {
          int end = at + Math.toIntExact(value);
          if (tag >>> 3 == field) {
            return Optional.of(message.substring(at, end));
          }
          at = end;
        }
        default -> throw PerfException.failed("unexpected field of wire type " + (tag & 7));
      }
    }
    return Optional.empty();
  }

  private static long varint(String message, int at) {
    long value = 0;
    for (int i = varintBytes(message, at) - 1; i >= 0; i--) {
      value = value << 7 | message.charAt(at + i) & 0x7F;
    }
    return value;
  }

  private static int varintBytes(String message, int at) {
    int bytes = 1;
    while (message.charAt(at + bytes - 1) >= 0x80) {
      bytes++;
    }
    return bytes;
  }
}
