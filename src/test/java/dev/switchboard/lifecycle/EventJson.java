package dev.switchboard.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchboard.protocol.ClientId;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Reads events as a back end does. Pure functions.
public final class EventJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private EventJson() {}

  /// The event in the bytes of a JSON object.
  public static RollChange.Event read(byte[] bytes) {
    try {
      return of(JSON.readTree(bytes));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static RollChange.Event of(JsonNode json) {
    String channel = json.path("channel").asText();
    long at = json.path("at").asLong();
    return switch (json.path("event").asText()) {
      case "connected" -> new RollChange.Connected(client(json), user(json), at);
      case "disconnected" -> {
        int code = json.path("code").asInt();
        String reason = json.path("reason").asText();
        long since = at - json.path("duration_ms").asLong();
        yield new RollChange.Disconnected(client(json), user(json), code, reason, since, at);
      }
      case "subscribed" -> new RollChange.Subscribed(client(json), user(json), channel, at);
      case "unsubscribed" -> new RollChange.Unsubscribed(client(json), user(json), channel, at);
      case "occupied" -> new RollChange.Occupied(channel, 0, at);
      case "vacated" -> new RollChange.Vacated(channel, 0, at);
      default -> throw new IllegalArgumentException("an event " + json);
    };
  }

  private static ClientId client(JsonNode json) {
    return ClientId.parse(json.path("client").asText()).orElseThrow();
  }

  private static String user(JsonNode json) {
    return json.path("user").asText();
  }
}
