package dev.switchboard.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Builds one JSON object in a byte array, with payloads spliced in as they are.
///
/// Confined to one call. Plain members leave out their default value, `...Always` ones do not.
final class JsonWriter {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int CONTROL_END = 0x20;

  private byte[] bytes;
  private int length;

  /// @param sizeHint bytes expected, so that usual messages never grow
  JsonWriter(int sizeHint) {
    this.bytes = new byte[sizeHint];
  }

  /// What was written.
  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /// Opens the root or an object in an array.
  JsonWriter open() {
    comma();
    put('{');
    return this;
  }

  /// Opens a member that is an object.
  JsonWriter open(String name) {
    name(name);
    put('{');
    return this;
  }

  /// Closes the innermost object.
  JsonWriter close() {
    put('}');
    return this;
  }

  /// Opens a member that is an array.
  JsonWriter openArray(String name) {
    name(name);
    put('[');
    return this;
  }

  /// Closes the innermost array.
  JsonWriter closeArray() {
    put(']');
    return this;
  }

  /// A string.
  JsonWriter text(String name, String value) {
    return value.isEmpty() ? this : textAlways(name, value);
  }

  /// A string, even if empty.
  JsonWriter textAlways(String name, String value) {
    name(name);
    string(value);
    return this;
  }

  /// A signed integer.
  JsonWriter number(String name, long value) {
    if (value != 0) {
      name(name);
      ascii(Long.toString(value));
    }
    return this;
  }

  /// An unsigned integer.
  JsonWriter unsigned(String name, long value) {
    return value == 0 ? this : unsignedAlways(name, value);
  }

  /// An unsigned integer, even if 0.
  JsonWriter unsignedAlways(String name, long value) {
    name(name);
    ascii(Long.toUnsignedString(value));
    return this;
  }

  /// A boolean.
  JsonWriter flag(String name, boolean value) {
    if (value) {
      name(name);
      ascii("true");
    }
    return this;
  }

  /// A payload, checked to be JSON; nothing for null or no bytes.
  ///
  /// Line ends can only be white space in it and are dropped: a line feed would end the message,
  /// and in an event stream a carriage return ends a line, too.
  JsonWriter payload(String name, byte[] value) throws UnencodableException {
    if (value == null || value.length == 0) {
      return this;
    }
    var reader = new JsonReader(value);
    if (!reader.passOneValue()) {
      throw new UnencodableException("payload is not JSON: " + name);
    }
    name(name);
    reserve(value.length);
    if (reader.passedLineEnd()) {
      putWithoutLineEnds(value);
    } else {
      System.arraycopy(value, 0, bytes, length, value.length);
      length += value.length;
    }
    return this;
  }

  private void putWithoutLineEnds(byte[] value) {
    for (byte b : value) {
      if (b != '\n' && b != '\r') {
        bytes[length++] = b;
      }
    }
  }

  private void name(String name) {
    comma();
    string(name);
    put(':');
  }

  private void comma() {
    byte last = length == 0 ? (byte) '{' : bytes[length - 1];
    if (last != '{' && last != '[') {
      put(',');
    }
  }

  /// A string alone.
  JsonWriter string(String value) {
    put('"');
    int i = 0;
    int end = value.length();
    reserve(end);
    while (i < end && isPlain(value.charAt(i))) {
      bytes[length++] = (byte) value.charAt(i++);
    }
    if (i < end) {
      escaped(value.substring(i));
    }
    put('"');
    return this;
  }

  private static boolean isPlain(int c) {
    return c >= CONTROL_END && c != '"' && c != '\\' && c < 0x80;
  }

  /// A lone surrogate has no UTF-8 form and becomes a question mark, as in the Protobuf codec.
  private void escaped(String value) {
    for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
      if (b < 0 || isPlain(b)) {
        put(b);
      } else if (b < CONTROL_END) {
        ascii("\\u00");
        put(HEX[b >> 4]);
        put(HEX[b & 0xf]);
      } else {
        put('\\');
        put(b);
      }
    }
  }

  private void ascii(String value) {
    int end = value.length();
    reserve(end);
    for (int i = 0; i < end; i++) {
      bytes[length++] = (byte) value.charAt(i);
    }
  }

  private void put(int b) {
    reserve(1);
    bytes[length++] = (byte) b;
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
