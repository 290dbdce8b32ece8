package dev.switchboard.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Checks UTF-8 as it streams (RFC 3629, 4): a message may be cut anywhere, even inside a
/// character.
///
/// The state between two cuts is one `int`: continuation bytes still expected (bits 16-17) and the
/// range the next byte must lie in (low and high bound, 8 bits each). Only the first continuation
/// byte ever has a narrower range than 80..BF; that is what keeps out overlong forms, surrogates
/// and code points above U+10FFFF.
final class Utf8 {
  /// The state between two characters: where a text starts and must end.
  static final int COMPLETE = 0;

  /// No continuation of the text can make it valid.
  static final int INVALID = -1;

  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private Utf8() {}

  /// The state after the bytes of `text` behind `from`.
  static int check(int state, byte[] text, int from) {
    int index = from;
    int current = state;
    while (index < text.length) {
      if (current == COMPLETE) {
        index = skipAscii(text, index);
        if (index == text.length) {
          return COMPLETE;
        }
      }
      current = next(current, text[index++] & 0xff);
      if (current == INVALID) {
        return INVALID;
      }
    }
    return current;
  }

  private static int skipAscii(byte[] text, int from) {
    int index = from;
    while (text.length - index >= Long.BYTES && ((long) LONGS.get(text, index) & HIGH_BITS) == 0) {
      index += Long.BYTES;
    }
    while (index < text.length && text[index] >= 0) {
      index++;
    }
    return index;
  }

  private static int next(int state, int octet) {
    if (state == COMPLETE) {
      return lead(octet);
    }
    int low = state & 0xff;
    int high = state >> 8 & 0xff;
    if (octet < low || octet > high) {
      return INVALID;
    }
    int left = (state >> 16) - 1;
    return left == 0 ? COMPLETE : expect(left, 0x80, 0xbf);
  }

  private static int lead(int octet) {
    if (octet < 0x80) {
      return COMPLETE;
    }
    if (octet < 0xc2 || octet > 0xf4) {
      return INVALID;
    }
    if (octet < 0xe0) {
      return expect(1, 0x80, 0xbf);
    }
    return switch (octet) {
      case 0xe0 -> expect(2, 0xa0, 0xbf);
      case 0xed -> expect(2, 0x80, 0x9f);
      case 0xf0 -> expect(3, 0x90, 0xbf);
      case 0xf4 -> expect(3, 0x80, 0x8f);
      default -> expect(octet < 0xf0 ? 2 : 3, 0x80, 0xbf);
    };
  }

  private static int expect(int continuations, int low, int high) {
    return continuations << 16 | high << 8 | low;
  }
}
