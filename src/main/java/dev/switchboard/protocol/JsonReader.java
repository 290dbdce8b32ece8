package dev.switchboard.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A cursor over JSON bytes that checks all and converts only what it is asked for.
///
/// Confined to one call. Payloads are cut out as they stand. It keeps no table of member names:
/// with a shared one, a stranger who never repeats a name makes every message a hundred times as
/// dear. As non-ASCII bytes are legal in strings alone, what passes is valid UTF-8.
final class JsonReader {
  /// How deep values may nest.
  static final int DEPTH_MAX = 64;

  private static final int CONTROL_END = 0x20;

  private final byte[] bytes;
  private int at;
  private int depth;
  private boolean passedLineEnd;

  JsonReader(byte[] bytes) {
    this(bytes, 0);
  }

  /// A cursor that starts at a value inside the bytes.
  JsonReader(byte[] bytes, int from) {
    this.bytes = bytes;
    this.at = from;
  }

  /// Whether nothing but white space is left.
  boolean atEnd() {
    skipSpace();
    return at == bytes.length;
  }

  /// Passes all that is left, whether it is exactly one value.
  boolean passOneValue() {
    try {
      skip();
      return atEnd();
    } catch (MalformedException _) {
      return false;
    }
  }

  /// Whether there was a line feed or a carriage return in what was passed, which can only be white
  /// space; true at times for a tab.
  boolean passedLineEnd() {
    return passedLineEnd;
  }

  /// Refuses a value glued to the one before: the cursor must have passed white space just now.
  void requireSpace() throws MalformedException {
    if (!isSpace(bytes[at - 1])) {
      throw malformed("no line feed between commands");
    }
  }

  /// Passes an object; where it started.
  int passObject() throws MalformedException {
    skipSpace();
    int from = at;
    skipObject();
    return from;
  }

  /// Enters an object; its first name, or null when it is empty and left again.
  String firstName() throws MalformedException {
    skipSpace();
    enter('{');
    return leaves('}') ? null : name();
  }

  /// After a member's value: the next name, or null when the object is left.
  String nextName() throws MalformedException {
    return leaves('}') ? null : nameAfterComma();
  }

  /// Enters an array; whether there is a first element, else it is left again.
  boolean firstElement() throws MalformedException {
    skipSpace();
    enter('[');
    return !leaves(']');
  }

  /// After an element: whether there is a next one, else the array is left.
  boolean nextElement() throws MalformedException {
    if (leaves(']')) {
      return false;
    }
    expect(',');
    return true;
  }

  /// Passes a null if there is one: everywhere but in payloads it means absent.
  boolean skipNull() throws MalformedException {
    skipSpace();
    if (peek() != 'n') {
      return false;
    }
    passWord("null");
    return true;
  }

  /// A string; empty for null.
  String text() throws MalformedException {
    return skipNull() ? "" : string();
  }

  /// A boolean; false for null.
  boolean flag() throws MalformedException {
    if (skipNull()) {
      return false;
    }
    if (peek() == 't') {
      passWord("true");
      return true;
    }
    passWord("false");
    return false;
  }

  /// An integer from `min` to `max`; 0 for null.
  long integer(long min, long max) throws MalformedException {
    if (skipNull()) {
      return 0;
    }
    try {
      long value = Long.parseLong(number());
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException _) {
      // A fraction, an exponent or too many digits: out of range as well.
    }
    throw malformed("number out of range");
  }

  /// An unsigned 64-bit integer in the bits of a long; 0 for null.
  long unsigned() throws MalformedException {
    if (skipNull()) {
      return 0;
    }
    try {
      return Long.parseUnsignedLong(number());
    } catch (NumberFormatException _) {
      throw malformed("number out of range");
    }
  }

  /// A value of any kind as it stands, null included: a client may publish that.
  byte[] payload() throws MalformedException {
    skipSpace();
    int from = at;
    skip();
    return Arrays.copyOfRange(bytes, from, at);
  }

  /// Checks and passes a value of any kind.
  void skip() throws MalformedException {
    skipSpace();
    switch (peek()) {
      case '{' -> skipObject();
      case '[' -> skipArray();
      case '"' -> passString();
      case 't' -> passWord("true");
      case 'f' -> passWord("false");
      case 'n' -> passWord("null");
      default -> passNumber();
    }
  }

  private void skipObject() throws MalformedException {
    enter('{');
    boolean left = leaves('}');
    while (!left) {
      skipSpace();
      passString();
      passColon();
      skip();
      left = leaves('}');
      if (!left) {
        expect(',');
      }
    }
  }

  private void skipArray() throws MalformedException {
    enter('[');
    boolean left = leaves(']');
    while (!left) {
      skip();
      left = leaves(']');
      if (!left) {
        expect(',');
      }
    }
  }

  private void enter(char bracket) throws MalformedException {
    expect(bracket);
    if (++depth > DEPTH_MAX) {
      throw malformed("nested too deep");
    }
  }

  private boolean leaves(char bracket) {
    skipSpace();
    if (peek() != bracket) {
      return false;
    }
    at++;
    depth--;
    return true;
  }

  private String nameAfterComma() throws MalformedException {
    expect(',');
    return name();
  }

  private String name() throws MalformedException {
    skipSpace();
    int from = at;
    boolean escaped = passString();
    String known = escaped ? null : UsualText.name(bytes, from + 1, at - 1);
    String name = known == null ? text(from, escaped) : known;
    passColon();
    return name;
  }

  private void passColon() throws MalformedException {
    skipSpace();
    expect(':');
  }

  private String string() throws MalformedException {
    int from = at;
    return text(from, passString());
  }

  /// The text of the string that has just been passed.
  private String text(int from, boolean escaped) {
    int start = from + 1;
    int end = at - 1;
    return escaped
        ? JsonEscapes.decode(bytes, start, end)
        : new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }

  /// Passes a string; whether it holds escapes.
  private boolean passString() throws MalformedException {
    expect('"');
    boolean escaped = false;
    at = UsualText.skipPlain(bytes, at);
    for (int c = take(); c != '"'; c = take()) {
      if (c == '\\') {
        passEscape();
        escaped = true;
      } else if (c < 0) {
        passUtf8(c & 0xff);
      } else if (c < CONTROL_END) {
        throw malformed("control character in string");
      }
    }
    return escaped;
  }

  private void passEscape() throws MalformedException {
    switch (take()) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {}
      case 'u' -> {
        for (int i = 0; i < 4; i++) {
          if (Character.digit(take(), 16) < 0) {
            throw malformed("bad escape");
          }
        }
      }
      default -> throw malformed("bad escape");
    }
  }

  /// The well-formed sequences of the Unicode standard, table 3-7: no overlong forms, which could
  /// smuggle a quote, no surrogates, nothing past U+10FFFF.
  private void passUtf8(int lead) throws MalformedException {
    if (lead < 0xc2 || lead > 0xf4) {
      throw malformed("not UTF-8");
    }
    int min =
        switch (lead) {
          case 0xe0 -> 0xa0;
          case 0xf0 -> 0x90;
          default -> 0x80;
        };
    int max =
        switch (lead) {
          case 0xed -> 0x9f;
          case 0xf4 -> 0x8f;
          default -> 0xbf;
        };
    passContinuation(min, max);
    if (lead >= 0xe0) {
      passContinuation(0x80, 0xbf);
    }
    if (lead >= 0xf0) {
      passContinuation(0x80, 0xbf);
    }
  }

  private void passContinuation(int min, int max) throws MalformedException {
    int c = take() & 0xff;
    if (c < min || c > max) {
      throw malformed("not UTF-8");
    }
  }

  private String number() throws MalformedException {
    int from = at;
    passNumber();
    return new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
  }

  private void passNumber() throws MalformedException {
    passIf('-');
    if (!passIf('0')) {
      passDigits();
    }
    if (passIf('.')) {
      passDigits();
    }
    if (passIf('e') || passIf('E')) {
      if (!passIf('+')) {
        passIf('-');
      }
      passDigits();
    }
  }

  private void passDigits() throws MalformedException {
    int from = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    if (at == from) {
      throw malformed("no value");
    }
  }

  private void passWord(String word) throws MalformedException {
    for (int i = 0; i < word.length(); i++) {
      expect(word.charAt(i));
    }
  }

  private void skipSpace() {
    for (int c = peek(); isSpace(c); c = peek()) {
      passedLineEnd |= c < ' ';
      at++;
    }
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  /// The byte at the cursor; at the end a zero, which is legal nowhere.
  private int peek() {
    return at < bytes.length ? bytes[at] : 0;
  }

  private int take() throws MalformedException {
    if (at == bytes.length) {
      throw malformed("cut short");
    }
    return bytes[at++];
  }

  private boolean passIf(char wanted) {
    if (peek() != wanted) {
      return false;
    }
    at++;
    return true;
  }

  private void expect(char wanted) throws MalformedException {
    if (!passIf(wanted)) {
      throw malformed("unexpected character");
    }
  }

  private MalformedException malformed(String what) {
    return new MalformedException("json at byte " + at + ": " + what);
  }
}
