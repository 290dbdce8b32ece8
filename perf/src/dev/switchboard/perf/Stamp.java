package dev.switchboard.perf;

import java.nio.ByteBuffer;

/// The time a message was due to be sent, carried in its payload.
final class Stamp {
  /// Bytes of payload it takes, the first character included, which may be a quote.
  static final int BYTES = 18;

  private static final char MARK = '@';
  private static final int DIGITS = 16;

  private Stamp() {}

  /// The payload of the same length that carries `nanos` behind its first character.
  static String put(String payload, long nanos) {
    StringBuilder text = new StringBuilder(payload.length()).append(payload.charAt(0)).append(MARK);
    for (int shift = Long.SIZE - 4; shift >= 0; shift -= 4) {
      text.append(Character.forDigit((int) (nanos >>> shift) & 0xF, 16));
    }
    return text.append(payload, BYTES, payload.length()).toString();
  }

  /// The time in `length` bytes of `in` from index `at`; what precedes it must not hold the mark.
  static long find(ByteBuffer in, int at, int length) {
    int end = at + length - DIGITS;
    for (int i = at; i < end; i++) {
      if (in.get(i) == MARK) {
        return digits(in, i + 1);
      }
    }
    throw PerfException.failed("a message has no time in it");
  }

  private static long digits(ByteBuffer in, int at) {
    long nanos = 0;
    for (int i = at; i < at + DIGITS; i++) {
      nanos = nanos << 4 | Character.digit(in.get(i), 16);
    }
    return nanos;
  }
}
