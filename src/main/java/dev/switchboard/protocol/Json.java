package dev.switchboard.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The grammar of JSON, asked about payloads that are never parsed.
///
/// Payloads of JSON sockets passed this grammar when they came in; those of Protobuf sockets and
/// services may be anything, so a publish path that must keep a channel JSON asks here once.
public final class Json {
  private Json() {}

  /// Whether the bytes are exactly one JSON value in valid UTF-8, nested at most 64 deep.
  public static boolean isValue(byte[] bytes) {
    return new JsonReader(bytes).passOneValue();
  }

  /// A text as a JSON string, with its quotes.
  ///
  /// @throws UnencodableException when the bytes are not UTF-8
  public static byte[] string(byte[] text) throws UnencodableException {
    try {
      String decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString();
      return new JsonWriter(text.length + text.length / 8 + 2).string(decoded).toBytes();
    } catch (CharacterCodingException broken) {
      throw new UnencodableException("payload is not UTF-8");
    }
  }

  /// The members of one JSON object, each value as it stands.
  ///
  /// @throws MalformedException when the bytes are anything else, or a name occurs twice
  public static Map<String, byte[]> members(byte[] bytes) throws MalformedException {
    var reader = new JsonReader(bytes);
    Map<String, byte[]> members = new LinkedHashMap<>();
    for (String name = reader.firstName(); name != null; name = reader.nextName()) {
      if (members.put(name, reader.payload()) != null) {
        throw new MalformedException("a name occurs twice");
      }
    }
    if (!reader.atEnd()) {
      throw new MalformedException("something follows the object");
    }
    return members;
  }

  /// The elements of one JSON array, each as it stands.
  ///
  /// @throws MalformedException when the bytes are anything else
  public static List<byte[]> elements(byte[] bytes) throws MalformedException {
    var reader = new JsonReader(bytes);
    List<byte[]> elements = new ArrayList<>();
    for (boolean more = reader.firstElement(); more; more = reader.nextElement()) {
      elements.add(reader.payload());
    }
    if (!reader.atEnd()) {
      throw new MalformedException("something follows the array");
    }
    return elements;
  }

  /// JSON values that follow each other, each as it stands; white space is between them.
  ///
  /// @throws MalformedException when the bytes are anything else
  public static List<byte[]> sequence(byte[] bytes) throws MalformedException {
    var reader = new JsonReader(bytes);
    List<byte[]> values = new ArrayList<>();
    while (!reader.atEnd()) {
      if (!values.isEmpty()) {
        reader.requireSpace();
      }
      values.add(reader.payload());
    }
    return values;
  }
}
