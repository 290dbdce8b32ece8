package dev.switchboard.lifecycle;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.protocol.ClientId;
import java.nio.charset.StandardCharsets;

/// Events as back ends read them: JSON objects. Pure functions.
public final class EventText {
  private EventText() {}

  /// The payload of an event.
  public static byte[] of(RollChange.Event event) {
    ObjectNode json =
        switch (event) {
          case RollChange.Connected(var client, var user, long at) ->
              session("connected", at, client, user);
          case RollChange.Disconnected(
                  var client,
                  var user,
                  int code,
                  var reason,
                  long since,
                  long at) ->
              session("disconnected", at, client, user)
                  .put("code", code)
                  .put("reason", reason)
                  .put("duration_ms", Math.max(0, at - since));
          case RollChange.Subscribed(var client, var user, var channel, long at) ->
              session("subscribed", at, client, user).put("channel", channel);
          case RollChange.Unsubscribed(var client, var user, var channel, long at) ->
              session("unsubscribed", at, client, user).put("channel", channel);
          case RollChange.Occupied(var channel, long _, long at) ->
              begin("occupied", at).put("channel", channel);
          case RollChange.Vacated(var channel, long _, long at) ->
              begin("vacated", at).put("channel", channel);
        };
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// An event as one of many: with more members before its own.
  ///
  /// @param members as they stand between the braces of a JSON object
  /// @param event what [#of] made
  public static String among(String members, byte[] event) {
    return "{" + members + "," + new String(event, StandardCharsets.UTF_8).substring(1);
  }

  private static ObjectNode session(String event, long at, ClientId client, String user) {
    return begin(event, at).put("client", client.toString()).put("user", user);
  }

  private static ObjectNode begin(String event, long at) {
    return JsonNodeFactory.instance.objectNode().put("event", event).put("at", at);
  }
}
