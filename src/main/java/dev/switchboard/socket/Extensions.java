package dev.switchboard.socket;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.switchboard.protocol.Json;
import dev.switchboard.protocol.MalformedException;
import java.util.Map;

/// What a client asks of this server beyond the protocol: the member `switchboard` of the data of
/// its subscribe command, such as `{"switchboard": {"echo": false}}`.
///
/// SDKs carry the data as it is, so every SDK can ask. All else in the data is the application's.
///
/// @param echoOff whether the subscriber does not want what it publishes itself
record Extensions(boolean echoOff) {
  private static final String MEMBER = "switchboard";
  private static final Extensions NONE = new Extensions(false);

  /// What the data of a subscribe command asks for; nothing when it is no object that has it.
  ///
  /// @param data of the command, or null
  static Extensions of(byte[] data) {
    // Nearly nobody asks, and most data is small.
    if (data == null || !new String(data, US_ASCII).contains(MEMBER)) {
      return NONE;
    }
    try {
      byte[] asked = Json.members(data).get(MEMBER);
      Map<String, byte[]> members = asked == null ? Map.of() : Json.members(asked);
      return new Extensions("false".equals(text(members.get("echo"))));
    } catch (MalformedException somethingElse) {
      return NONE;
    }
  }

  private static String text(byte[] value) {
    return value == null ? "" : new String(value, US_ASCII);
  }
}
