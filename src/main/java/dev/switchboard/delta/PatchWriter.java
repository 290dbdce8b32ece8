package dev.switchboard.delta;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/// The bytes of a patch, which grow. Confined to one call.
final class PatchWriter {
  private static final byte[] DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~".getBytes(US_ASCII);
  private static final int DIGIT_BITS = 6;

  private byte[] bytes;
  private int length;

  PatchWriter(int sizeHint) {
    bytes = new byte[sizeHint];
  }

  /// How many digits a number has.
  static int digits(long number) {
    return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(number) + 5) / DIGIT_BITS);
  }

  /// A number to the base 64, its highest digit first.
  PatchWriter number(long number) {
    int digits = digits(number);
    reserve(digits);
    for (int digit = digits - 1; digit >= 0; digit--) {
      bytes[length++] = DIGITS[(int) (number >>> digit * DIGIT_BITS) & DIGITS.length - 1];
    }
    return this;
  }

  PatchWriter command(char letter) {
    reserve(1);
    bytes[length++] = (byte) letter;
    return this;
  }

  PatchWriter bytes(byte[] source, int from, int to) {
    reserve(to - from);
    System.arraycopy(source, from, bytes, length, to - from);
    length += to - from;
    return this;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
