package dev.switchboard.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// What in a JSON string needs no closer look, passed eight characters at a time. Pure functions.
///
/// A payload is looked at on the node where it enters and on each node where it leaves; most of it
/// is plain text.
final class PlainText {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EACH = 0x0101_0101_0101_0101L;
  private static final long TOP_BITS = EACH * 0x80;

  private PlainText() {}

  /// Where to look closer: up to there is nothing but ASCII without controls, quotes, backslashes.
  static int skip(byte[] bytes, int from) {
    int at = from;
    while (at + Long.BYTES <= bytes.length && isPlain((long) WORDS.get(bytes, at))) {
      at += Long.BYTES;
    }
    return at;
  }

  /// A byte that is not plain sets a top bit in one of the four; without one no byte borrows.
  private static boolean isPlain(long eight) {
    long control = eight - EACH * ' ';
    long quote = (eight ^ EACH * '"') - EACH;
    long backslash = (eight ^ EACH * '\\') - EACH;
    return ((control | quote | backslash | eight) & TOP_BITS) == 0;
  }
}
