package dev.switchboard.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

/// Turns the inside of a checked JSON string with escapes into text.
final class JsonEscapes {
  private static final int HEX_DIGITS = 4;

  private JsonEscapes() {}

  /// The text between the quotes; every escape in it is known to be complete.
  ///
  /// An unpaired surrogate has no UTF-8 form and becomes a question mark, so that no text inside
  /// the gateway is ill-formed.
  static String decode(byte[] bytes, int from, int to) {
    var text = new StringBuilder(to - from);
    int run = from;
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\\') {
        text.append(new String(bytes, run, i - run, UTF_8));
        boolean numbered = bytes[i + 1] == 'u';
        text.append(numbered ? character(bytes, i + 2) : character(bytes[i + 1]));
        i += numbered ? HEX_DIGITS + 1 : 1;
        run = i + 1;
      }
    }
    text.append(new String(bytes, run, to - run, UTF_8));
    return new String(text.toString().getBytes(UTF_8), UTF_8);
  }

  private static char character(byte letter) {
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> (char) letter;
    };
  }

  private static char character(byte[] bytes, int from) {
    int value = 0;
    for (int i = from; i < from + HEX_DIGITS; i++) {
      value = value << 4 | Character.digit(bytes[i], 16);
    }
    return (char) value;
  }
}
