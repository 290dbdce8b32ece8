package dev.switchboard.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What JSON strings mostly are: plain characters, and names that commands have. Pure functions.
///
/// A payload is looked at on the node where it enters and on each node where it leaves; most of it
/// needs no closer look, and most names need no text to be made of their bytes.
final class UsualText {
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EACH = 0x0101_0101_0101_0101L;
  private static final long TOP_BITS = EACH * 0x80;

  // Fixed from the start: unlike a cache of the names that come, no stranger can fill it.
  private static final String[] NAMES = new String[128];

  static {
    List.of(
            "id",
            "connect",
            "subscribe",
            "unsubscribe",
            "publish",
            "presence",
            "presence_stats",
            "history",
            "rpc",
            "send",
            "refresh",
            "sub_refresh",
            "channel",
            "data",
            "token",
            "method")
        .forEach(UsualText::add);
  }

  private UsualText() {}

  private static void add(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    int slot = slot(bytes, 0, bytes.length);
    if (NAMES[slot] != null) {
      throw new IllegalStateException(name + " needs another hash than " + NAMES[slot]);
    }
    NAMES[slot] = name;
  }

  /// Where to look closer: up to there is nothing but ASCII without controls, quotes, backslashes.
  static int skipPlain(byte[] bytes, int from) {
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

  /// The name of a command's member that the bytes are, or null for any other.
  static String name(byte[] bytes, int from, int to) {
    if (from == to) {
      return null;
    }
    String name = NAMES[slot(bytes, from, to)];
    return name != null && isName(name, bytes, from, to) ? name : null;
  }

  private static int slot(byte[] bytes, int from, int to) {
    return (to - from + 5 * bytes[from] + bytes[to - 1]) & NAMES.length - 1;
  }

  private static boolean isName(String name, byte[] bytes, int from, int to) {
    if (name.length() != to - from) {
      return false;
    }
    for (int index = 0; index < name.length(); index++) {
      if (name.charAt(index) != bytes[from + index]) {
        return false;
      }
    }
    return true;
  }
}
