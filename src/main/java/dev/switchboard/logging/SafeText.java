package dev.switchboard.logging;

import java.util.HexFormat;

/// Text from anywhere made fit for one log line. Pure functions.
///
/// Whatever could end a line, steer a terminal or turn the reading direction is written as an
/// escape, so a value sent by a client can never look like a line of ours.
final class SafeText {
  /// Bytes of UTF-8 kept of one value.
  static final int VALUE_BYTES_MAX = 256;

  private static final String CUT = "...";
  private static final HexFormat HEX = HexFormat.of();

  private SafeText() {}

  /// The text with everything dangerous escaped, but quotes and backslashes left alone.
  static String line(String text) {
    var line = new StringBuilder(text.length() + 16);
    append(line, text, false);
    return line.toString();
  }

  /// The text as a JSON string with its quotes.
  static String quoted(String text) {
    var quoted = new StringBuilder(text.length() + 16).append('"');
    append(quoted, text, true);
    return quoted.append('"').toString();
  }

  /// The text when it is at most that long in UTF-8, else its beginning and an ellipsis.
  static String capped(String text, int bytesMax) {
    int bytes = 0;
    int room = 0;
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      bytes += bytesOf(codePoint);
      if (bytes > bytesMax) {
        return text.substring(0, room) + CUT;
      }
      i += Character.charCount(codePoint);
      if (bytes <= bytesMax - CUT.length()) {
        room = i;
      }
    }
    return text;
  }

  private static int bytesOf(int codePoint) {
    if (codePoint < 0x80) {
      return 1;
    }
    return codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }

  private static void append(StringBuilder to, String text, boolean quoted) {
    for (int i = 0; i < text.length(); ) {
      int codePoint = text.codePointAt(i);
      i += Character.charCount(codePoint);
      switch (codePoint) {
        case '\n' -> to.append("\\n");
        case '\r' -> to.append("\\r");
        case '\t' -> to.append("\\t");
        case '"', '\\' -> to.append(quoted ? "\\" : "").append((char) codePoint);
        default -> {
          if (isDangerous(codePoint)) {
            escape(to, codePoint);
          } else {
            to.appendCodePoint(codePoint);
          }
        }
      }
    }
  }

  private static void escape(StringBuilder to, int codePoint) {
    for (char unit : Character.toChars(codePoint)) {
      to.append("\\u").append(HEX.toHexDigits(unit));
    }
  }

  private static boolean isDangerous(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }
}
