package dev.switchboard.auth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/// One JSON object of a token, or of what a back end answers, read strictly; the bytes of each
/// value are still at hand.
///
/// Immutable, safe on any thread. It is strict because readers that disagree about a token are how
/// forgeries pass: two equal names, UTF-16 taken for UTF-8, something after the closing brace.
public final class JsonClaims {
  private static final int DEPTH_MAX = 32;
  private static final int NUMBER_CHARS_MAX = 100;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_MAX)
                          .maxNumberLength(NUMBER_CHARS_MAX)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .build();

  private final String text;
  private final Map<String, Claim> claims;

  private JsonClaims(String text, Map<String, Claim> claims) {
    this.text = text;
    this.claims = claims;
  }

  /// Where a value stands in the text, and what it says.
  private record Claim(JsonNode value, int from, int to) {}

  /// Reads one object that is all there is in the bytes.
  ///
  /// @throws RefusedException when it is not UTF-8, not JSON, not one object, too deep, or a name
  ///   appears twice at any depth
  public static JsonClaims parse(byte[] utf8) throws RefusedException {
    // Text, not bytes, goes to the parser: given bytes it would guess among UTF-8, -16 and -32.
    var text = decode(utf8);
    try (var parser = JSON.createParser(text)) {
      return new JsonClaims(text, readObject(parser));
    } catch (IOException notJson) {
      throw new RefusedException("a part is not strict JSON");
    }
  }

  /// Whether the name is there, with any value.
  public boolean has(String name) {
    return claims.containsKey(name);
  }

  /// The parsed value; null when the name is absent.
  public JsonNode value(String name) {
    var claim = claims.get(name);
    return claim == null ? null : claim.value();
  }

  /// The text under a name; empty when the name is absent.
  ///
  /// @throws RefusedException when anything but a string is there, `null` included
  public Optional<String> text(String name) throws RefusedException {
    var value = value(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw new RefusedException(name + " is not a string");
    }
    return Optional.of(value.textValue());
  }

  /// The number under a name; empty when the name is absent.
  ///
  /// @throws RefusedException when anything but a finite number is there, `null` included
  public OptionalDouble number(String name) throws RefusedException {
    var value = value(name);
    if (value == null) {
      return OptionalDouble.empty();
    }
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw new RefusedException(name + " is not a number");
    }
    return OptionalDouble.of(value.doubleValue());
  }

  /// The bytes of a value as they were signed; null when the name is absent or holds `null`.
  public byte[] raw(String name) {
    var claim = claims.get(name);
    if (claim == null || claim.value().isNull()) {
      return null;
    }
    return text.substring(claim.from(), claim.to()).getBytes(StandardCharsets.UTF_8);
  }

  /// The object under a name; empty when the name is absent or holds `null`.
  ///
  /// @throws RefusedException when anything else is there
  public Optional<JsonClaims> nested(String name) throws RefusedException {
    byte[] raw = raw(name);
    return raw == null ? Optional.empty() : Optional.of(parse(raw));
  }

  /// The names there are, in their order.
  public Set<String> names() {
    return claims.keySet();
  }

  private static String decode(byte[] utf8) throws RefusedException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException notUtf8) {
      throw new RefusedException("a part is not UTF-8");
    }
  }

  private static Map<String, Claim> readObject(JsonParser parser)
      throws IOException, RefusedException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new RefusedException("a part is not a JSON object");
    }
    var claims = new LinkedHashMap<String, Claim>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      parser.nextToken();
      var from = (int) parser.currentTokenLocation().getCharOffset();
      JsonNode value = JSON.readTree(parser);
      var to = (int) parser.currentLocation().getCharOffset();
      claims.put(name, new Claim(value, from, to));
    }
    if (parser.nextToken() != null) {
      throw new RefusedException("a part goes on after its JSON object");
    }
    return claims;
  }
}
