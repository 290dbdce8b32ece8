package dev.switchboard.api;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.Json;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.routing.Recipient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The parameters of one API call; payloads are handed on as the bytes that came.
///
/// Every reading method throws [ApiException] 107 that names the parameter. Unknown ones are
/// ignored, as clients of this API expect; null is the same as none, but for payloads.
final class ApiRequest {
  // A number is no channel name: what is guessed right today is a surprise tomorrow.
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(LogicalType.Textual, ApiRequest::refuseScalars)
          .build();

  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  private final Map<String, byte[]> members;
  private final int size;

  private ApiRequest(Map<String, byte[]> members, int size) {
    this.members = members;
    this.size = size;
  }

  /// Reads a body; an empty one is an empty object.
  ///
  /// @throws MalformedException when it is not one JSON object
  static ApiRequest parse(byte[] body) throws MalformedException {
    return new ApiRequest(body.length == 0 ? Map.of() : Json.members(body), body.length);
  }

  private static void refuseScalars(MutableCoercionConfig coercions) {
    for (var shape :
        List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
      coercions.setCoercion(shape, CoercionAction.Fail);
    }
  }

  boolean has(String name) {
    return given(name) != null;
  }

  /// A parameter as it stands, or null.
  private byte[] given(String name) {
    byte[] raw = members.get(name);
    return Arrays.equals(raw, NULL) ? null : raw;
  }

  /// A string, empty when absent.
  String text(String name) {
    return read(name, new TypeReference<String>() {}, "", "a string");
  }

  /// A string that must be there.
  String requiredText(String name) {
    String text = text(name);
    if (text.isEmpty()) {
      throw new ApiException(ErrorCode.BAD_REQUEST, "`" + name + "` is needed");
    }
    return text;
  }

  List<String> texts(String name) {
    List<String> texts =
        read(name, new TypeReference<List<String>>() {}, List.of(), "a list of strings");
    return whole(name, texts, texts, "a list of strings");
  }

  Map<String, String> tags() {
    Map<String, String> tags =
        read("tags", new TypeReference<Map<String, String>>() {}, Map.of(), "an object of strings");
    return whole("tags", tags, tags.values(), "an object of strings");
  }

  /// A value none of whose parts is null, which is no string.
  private static <T> T whole(String name, T value, Collection<String> parts, String expected) {
    if (parts.stream().anyMatch(Objects::isNull)) {
      throw wrong(name, expected);
    }
    return value;
  }

  long number(String name) {
    return read(name, new TypeReference<Long>() {}, 0L, "a number");
  }

  boolean flag(String name) {
    return read(name, new TypeReference<Boolean>() {}, false, "true or false");
  }

  /// A nested object, or an empty one.
  ApiRequest nested(String name) {
    byte[] raw = given(name);
    try {
      return parse(raw == null ? new byte[0] : raw);
    } catch (MalformedException notAnObject) {
      throw wrong(name, "an object");
    }
  }

  /// A list of objects; empty when absent.
  List<ApiRequest> objects(String name) {
    byte[] raw = given(name);
    try {
      List<ApiRequest> objects = new ArrayList<>();
      for (byte[] element : raw == null ? List.<byte[]>of() : Json.elements(raw)) {
        objects.add(parse(element));
      }
      return objects;
    } catch (MalformedException notObjects) {
      throw wrong(name, "a list of objects");
    }
  }

  /// Bytes of its JSON.
  int size() {
    return size;
  }

  /// The names of all parameters.
  Set<String> names() {
    return members.keySet();
  }

  /// The payload: `data` as it stands, or `b64data` decoded.
  byte[] payload() {
    byte[] data = bytes("data");
    if (data == null) {
      throw new ApiException(ErrorCode.BAD_REQUEST, "`data` or `b64data` is needed");
    }
    return data;
  }

  /// JSON as it stands under `name`, or decoded from `b64name`, or null.
  byte[] bytes(String name) {
    String encoded = text("b64" + name);
    if (encoded.isEmpty()) {
      return members.get(name);
    }
    try {
      return Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException notBase64) {
      throw wrong("b64" + name, "base64");
    }
  }

  /// Whom the call is about: the session `client` or `session` if named, else all of `user`.
  Recipient recipient() {
    String client = text("client");
    if (!client.isEmpty()) {
      return ClientId.parse(client)
          .<Recipient>map(Recipient.Client::new)
          .orElseThrow(
              () -> new ApiException(ErrorCode.BAD_REQUEST, "`client` is not a client id"));
    }
    String session = text("session");
    if (!session.isEmpty()) {
      return ClientId.ofSecret(session)
          .<Recipient>map(Recipient.Client::new)
          .orElseThrow(
              () -> new ApiException(ErrorCode.BAD_REQUEST, "`session` is not one of a session"));
    }
    if (!has("user")) {
      throw new ApiException(ErrorCode.BAD_REQUEST, "`user` or `client` is needed");
    }
    return new Recipient.User(text("user"));
  }

  private <T> T read(String name, TypeReference<T> type, T absent, String expected) {
    byte[] raw = given(name);
    try {
      return raw == null ? absent : MAPPER.readValue(raw, type);
    } catch (IOException wrongType) {
      throw wrong(name, expected);
    }
  }

  private static ApiException wrong(String name, String expected) {
    return new ApiException(ErrorCode.BAD_REQUEST, "`" + name + "` must be " + expected);
  }
}
