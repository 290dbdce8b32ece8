package dev.switchboard.delta;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// Applies patches as Fossil says, and as strictly as a client might. Written without a look at
/// what makes them.
public final class Patch {
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";

  private final byte[] base;
  private final byte[] patch;
  private int at;

  private Patch(byte[] base, byte[] patch) {
    this.base = base;
    this.patch = patch;
  }

  /// What a patch makes of a base.
  public static byte[] apply(byte[] base, byte[] patch) {
    return new Patch(base, patch).apply();
  }

  private byte[] apply() {
    int length = (int) number();
    expect('\n');
    var result = new ByteArrayOutputStream();
    while (true) {
      long number = number();
      switch (patch[at++]) {
        case '@' -> {
          int from = (int) number();
          expect(',');
          result.writeBytes(Arrays.copyOfRange(base, from, from + check(from, number, base)));
        }
        case ':' -> {
          result.writeBytes(Arrays.copyOfRange(patch, at, at + check(at, number, patch)));
          at += (int) number;
        }
        case ';' -> {
          if (at != patch.length
              || length != result.size()
              || number != sum(result.toByteArray())) {
            throw new IllegalArgumentException("a patch that ends wrongly");
          }
          return result.toByteArray();
        }
        default -> throw new IllegalArgumentException("no command at " + at);
      }
    }
  }

  private static int check(int from, long count, byte[] source) {
    if (count <= 0 || from + count > source.length) {
      throw new IllegalArgumentException("a command beyond the end");
    }
    return (int) count;
  }

  private long number() {
    long number = 0;
    int start = at;
    while (DIGITS.indexOf(patch[at]) >= 0) {
      number = number * 64 + DIGITS.indexOf(patch[at++]);
    }
    if (at == start) {
      throw new IllegalArgumentException("no number at " + at);
    }
    return number;
  }

  private void expect(char letter) {
    if (patch[at++] != letter) {
      throw new IllegalArgumentException("no " + letter + " at " + at);
    }
  }

  private static long sum(byte[] bytes) {
    byte[] padded = Arrays.copyOf(bytes, (bytes.length + 3) / 4 * 4);
    long sum = 0;
    for (int i = 0; i < padded.length; i += 4) {
      sum +=
          (padded[i] & 0xffL) << 24
              | (padded[i + 1] & 0xffL) << 16
              | (padded[i + 2] & 0xffL) << 8
              | padded[i + 3] & 0xffL;
    }
    return sum & 0xffff_ffffL;
  }
}
