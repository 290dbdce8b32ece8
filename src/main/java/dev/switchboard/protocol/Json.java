package dev.switchboard.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
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
}
