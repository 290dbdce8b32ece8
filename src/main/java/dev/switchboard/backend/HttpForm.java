package dev.switchboard.backend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.auth.ConnectionGrant;
import dev.switchboard.auth.GrantReader;
import dev.switchboard.auth.JsonClaims;
import dev.switchboard.auth.RefusedException;
import dev.switchboard.auth.SubscriptionTerms;
import dev.switchboard.protocol.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Calls and verdicts as JSON. Pure functions.
///
/// A call is one object; payloads are spliced in as they came or, when they are no JSON, as base64
/// under the name with `b64` before it. An answer is `{"result": {}}`, `{"error": {code, message,
/// temporary}}` or `{"disconnect": {code, reason}}`.
final class HttpForm {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int KEY_BYTES_MAX = 255;

  private HttpForm() {}

  // ---- calls

  /// The body of a request.
  static byte[] body(Call<?> call) {
    Call.Caller caller = call.caller();
    ObjectNode head =
        MAPPER
            .createObjectNode()
            .put("client", caller.client())
            .put("transport", caller.transport())
            .put("protocol", caller.protocol());
    byte[] data = head(call, head);
    boolean json = Json.isValue(data);
    head.put("encoding", json || data.length == 0 ? "json" : "binary");
    if (!json && data.length > 0) {
      head.put("b64data", Base64.getEncoder().encodeToString(data));
    }
    var body = new ByteArrayOutputStream();
    body.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
    return spliced(body, json ? data : null, caller.meta());
  }

  /// Writes what is in this kind of call alone.
  ///
  /// @return its payload
  private static byte[] head(Call<?> call, ObjectNode head) {
    if (!(call instanceof Call.Connect)) {
      head.put("user", call.caller().user());
    }
    return switch (call) {
      case Call.Connect connect -> {
        head.put("name", connect.name()).put("version", connect.version());
        connect.channels().forEach(head.putArray("channels")::add);
        yield connect.data();
      }
      case Call.Subscribe subscribe -> {
        head.put("channel", subscribe.channel());
        yield subscribe.data();
      }
      case Call.Publish publish -> {
        head.put("channel", publish.channel());
        yield publish.data();
      }
      case Call.Rpc rpc -> {
        head.put("method", rpc.method());
        yield rpc.data();
      }
      case Call.SubRefresh refresh -> {
        head.put("channel", refresh.channel());
        yield new byte[0];
      }
      case Call.Refresh _ -> new byte[0];
    };
  }

  /// Adds members to a written object that are JSON already.
  private static byte[] spliced(ByteArrayOutputStream object, byte[] data, byte[] meta) {
    Map<String, byte[]> members = new LinkedHashMap<>();
    members.put("data", data);
    members.put("meta", meta);
    byte[] written = object.toByteArray();
    object.reset();
    object.write(written, 0, written.length - 1);
    members.forEach(
        (name, value) -> {
          if (value != null) {
            object.writeBytes((",\"" + name + "\":").getBytes(StandardCharsets.US_ASCII));
            object.writeBytes(value);
          }
        });
    object.write('}');
    return object.toByteArray();
  }

  // ---- verdicts

  /// Reads one kind of result.
  @FunctionalInterface
  interface Reader<R> {
    /// What the result says.
    R read(JsonClaims result) throws RefusedException;
  }

  /// What an answer says.
  ///
  /// @throws RefusedException when it is not as it should be
  static <R> Verdict<R> verdict(byte[] answer, Reader<R> reader) throws RefusedException {
    JsonClaims members = JsonClaims.parse(answer);
    JsonNode error = members.value("error");
    if (isThere(error)) {
      return new Verdict.Refused<>(
          error.path("code").asInt(),
          error.path("message").asText(),
          error.path("temporary").asBoolean());
    }
    JsonNode disconnect = members.value("disconnect");
    if (isThere(disconnect)) {
      return new Verdict.Closed<>(
          disconnect.path("code").asInt(), disconnect.path("reason").asText());
    }
    Optional<JsonClaims> result = members.nested("result");
    return new Verdict.Answered<>(reader.read(result.isPresent() ? result.get() : nothing()));
  }

  private static boolean isThere(JsonNode member) {
    return member != null && !member.isNull();
  }

  private static JsonClaims nothing() throws RefusedException {
    return JsonClaims.parse("{}".getBytes(StandardCharsets.US_ASCII));
  }

  static ConnectionGrant connection(JsonClaims result) throws RefusedException {
    return GrantReader.connection(result, "user", expireAt(result));
  }

  static SubscriptionTerms terms(JsonClaims result) throws RefusedException {
    return GrantReader.terms(result, expireAt(result));
  }

  static Renewal renewal(JsonClaims result) throws RefusedException {
    return new Renewal(
        flag(result, "expired"),
        expireAt(result),
        GrantReader.payload(result, "info"),
        GrantReader.meta(result));
  }

  static Amendment amendment(JsonClaims result) throws RefusedException {
    return new Amendment(
        GrantReader.payload(result, "data"),
        flag(result, "skip_history"),
        tags(result),
        key(result, "idempotency_key"),
        flag(result, "delta"),
        version(result),
        key(result, "version_epoch"));
  }

  static byte[] data(JsonClaims result) throws RefusedException {
    byte[] data = GrantReader.payload(result, "data");
    return data == null ? new byte[0] : data;
  }

  private static long expireAt(JsonClaims result) throws RefusedException {
    return (long) GrantReader.second(result, "expire_at").orElse(0);
  }

  private static long version(JsonClaims result) throws RefusedException {
    double version = result.number("version").orElse(0);
    if (version < 0 || version != Math.rint(version)) {
      throw new RefusedException("version is not a whole number from 0");
    }
    return (long) version;
  }

  private static boolean flag(JsonClaims result, String name) throws RefusedException {
    JsonNode value = result.value(name);
    if (isThere(value) && !value.isBoolean()) {
      throw new RefusedException(name + " is not a boolean");
    }
    return isThere(value) && value.booleanValue();
  }

  private static String key(JsonClaims result, String name) throws RefusedException {
    String key = result.text(name).orElse("");
    if (key.getBytes(StandardCharsets.UTF_8).length > KEY_BYTES_MAX) {
      throw new RefusedException(name + " is over " + KEY_BYTES_MAX + " bytes");
    }
    return key;
  }

  private static Map<String, String> tags(JsonClaims result) throws RefusedException {
    Map<String, String> tags = new LinkedHashMap<>();
    Optional<JsonClaims> written = result.nested("tags");
    if (written.isPresent()) {
      for (String name : written.get().names()) {
        tags.put(name, written.get().text(name).orElse(""));
      }
    }
    return tags;
  }
}
