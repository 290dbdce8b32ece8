package dev.switchboard.testkit;

import io.vertx.core.json.JsonObject;

/// Short questions about replies, so that tests read like the protocol's tables.
public final class Shorthand {
  private Shorthand() {}

  /// The error's number, or 0 when the reply is no error.
  public static int error(JsonObject reply) {
    JsonObject error = reply.getJsonObject("error");
    return error == null ? 0 : error.getInteger("code");
  }

  /// Parameters that name a channel.
  public static JsonObject channel(String name) {
    return new JsonObject().put("channel", name);
  }

  /// A JSON object with one member.
  public static JsonObject of(String name, Object value) {
    return new JsonObject().put(name, value);
  }
}
