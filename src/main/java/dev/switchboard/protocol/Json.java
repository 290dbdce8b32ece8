package dev.switchboard.protocol;

/// The grammar of JSON, asked about payloads that are never parsed.
///
/// Payloads of JSON sockets passed this grammar when they came in; those of Protobuf sockets and
/// services may be anything, so a publish path that must keep a channel JSON asks here once.
public final class Json {
  private Json() {}

  /// Whether the bytes are exactly one JSON value in valid UTF-8, nested at most 64 deep.
  public static boolean isValue(byte[] bytes) {
    try {
      var reader = new JsonReader(bytes);
      reader.skip();
      return reader.atEnd();
    } catch (MalformedException _) {
      return false;
    }
  }
}
