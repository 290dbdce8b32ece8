package dev.switchboard.auth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.auth.Capability.Right;
import dev.switchboard.auth.SubscriptionTerms.Option;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/// Reads grants from the claims of a token that was found to be good, or from what a back end
/// answers: the names and shapes are the same. Pure functions.
public final class GrantReader {
  private static final int USER_BYTES_MAX = 255;
  private static final long YEAR_10000 = 253_402_300_800L;

  private GrantReader() {}

  /// What somebody may do who connects.
  ///
  /// @param userClaim the name of the claim that holds the user id
  /// @param expireAt second of the Unix epoch, 0 for never
  /// @throws RefusedException when a claim is not of its kind
  public static ConnectionGrant connection(JsonClaims claims, String userClaim, long expireAt)
      throws RefusedException {
    var principal =
        new Principal(
            user(claims, userClaim),
            payload(claims, "info"),
            capabilities(claims.value("caps")),
            meta(claims));
    return new ConnectionGrant(principal, expireAt, subscriptions(claims), payload(claims, "data"));
  }

  /// The user id under a name; the anonymous one's when there is none.
  public static String user(JsonClaims claims, String name) throws RefusedException {
    var user = claims.text(name).orElse("");
    checkName(name, user);
    if (user.getBytes(StandardCharsets.UTF_8).length > USER_BYTES_MAX) {
      throw new RefusedException(name + " is too long");
    }
    return user;
  }

  /// What only back ends are told: an object, or null.
  public static byte[] meta(JsonClaims claims) throws RefusedException {
    // Parsed to be refused when it is no object.
    return claims.nested("meta").isPresent() ? claims.raw("meta") : null;
  }

  /// On what terms a client is subscribed.
  ///
  /// @param expireAt second of the Unix epoch, 0 for never
  public static SubscriptionTerms terms(JsonClaims claims, long expireAt) throws RefusedException {
    return new SubscriptionTerms(
        payload(claims, "info"), payload(claims, "data"), expireAt, overrides(claims));
  }

  private static Map<Option, Boolean> overrides(JsonClaims claims) throws RefusedException {
    Optional<JsonClaims> written = claims.nested("override");
    Map<Option, Boolean> overrides = new EnumMap<>(Option.class);
    for (Option option : Option.values()) {
      JsonNode value = written.map(all -> all.value(option.label())).orElse(null);
      if (value != null && !value.isNull()) {
        if (!value.path("value").isBoolean()) {
          throw new RefusedException("override." + option.label() + " has no boolean value");
        }
        overrides.put(option, value.path("value").booleanValue());
      }
    }
    return overrides.isEmpty() ? Map.of() : overrides;
  }

  /// Bytes under a name: JSON as it stands or, and that wins, base64 under the name after `b64`.
  ///
  /// @return null when there are none
  public static byte[] payload(JsonClaims claims, String name) throws RefusedException {
    var encoded = claims.text("b64" + name).orElse("");
    if (encoded.isEmpty()) {
      return claims.raw(name);
    }
    try {
      return Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException notBase64) {
      throw new RefusedException("b64" + name + " is not base64");
    }
  }

  /// A second of the Unix epoch, fractions allowed; empty when the name is absent.
  public static OptionalDouble second(JsonClaims claims, String name) throws RefusedException {
    var seconds = claims.number(name);
    // Beyond it somebody wrote milliseconds, and a token for fifty thousand years.
    if (seconds.orElse(0) < 0 || seconds.orElse(0) >= YEAR_10000) {
      throw new RefusedException(name + " is out of range");
    }
    return seconds;
  }

  /// Server-side subscriptions; those in `subs` take precedence over `channels`.
  private static Map<String, SubscriptionTerms> subscriptions(JsonClaims claims)
      throws RefusedException {
    Map<String, SubscriptionTerms> subscriptions = new LinkedHashMap<>();
    Optional<JsonClaims> subs = claims.nested("subs");
    var listed = claims.value("channels");
    if (subs.isPresent()) {
      for (String channel : subs.get().names()) {
        Optional<JsonClaims> options = subs.get().nested(channel);
        subscriptions.put(
            channel, options.isPresent() ? terms(options.get(), 0) : SubscriptionTerms.NONE);
      }
    } else if (listed != null && !listed.isNull()) {
      strings("channels", listed)
          .forEach(channel -> subscriptions.put(channel, SubscriptionTerms.NONE));
    }
    for (String channel : subscriptions.keySet()) {
      if (channel.isEmpty()) {
        throw new RefusedException("a channel has no name");
      }
      checkName("channels", channel);
    }
    return subscriptions;
  }

  private static List<Capability> capabilities(JsonNode claim) throws RefusedException {
    List<Capability> capabilities = new ArrayList<>();
    if (claim != null && !claim.isNull()) {
      if (!claim.isArray()) {
        throw new RefusedException("caps is not a list");
      }
      long states = 0;
      for (JsonNode element : claim) {
        states += states(element);
        if (states > Channels.STATES_MAX) {
          throw new RefusedException("caps.channels holds regular expressions that are too large");
        }
        capabilities.add(capability(element));
      }
    }
    return List.copyOf(capabilities);
  }

  private static long states(JsonNode element) throws RefusedException {
    String match = match(element);
    return channels(element).stream().mapToLong(one -> Channels.states(match, one)).sum();
  }

  private static String match(JsonNode element) {
    return element.path("match").asText("");
  }

  private static List<String> channels(JsonNode element) throws RefusedException {
    return strings("caps.channels", element.path("channels"));
  }

  private static Capability capability(JsonNode element) throws RefusedException {
    Set<Right> rights = EnumSet.noneOf(Right.class);
    for (String word : strings("caps.allow", element.path("allow"))) {
      rights.add(Capability.right(word));
    }
    return Capability.of(match(element), channels(element), rights);
  }

  private static List<String> strings(String name, JsonNode array) throws RefusedException {
    if (!array.isArray()) {
      throw new RefusedException(name + " is not a list");
    }
    // Bounded by the size of the token.
    var strings = new ArrayList<String>(array.size());
    for (var element : array) {
      if (!element.isTextual()) {
        throw new RefusedException(name + " holds something that is not a string");
      }
      strings.add(element.textValue());
    }
    return List.copyOf(strings);
  }

  /// The texts of a list.
  public static List<String> strings(JsonClaims claims, String name) throws RefusedException {
    JsonNode array = claims.value(name);
    return array == null ? List.of() : strings(name, array);
  }

  /// Names end up in logs, on the wire and in other clients: no control characters, no half pairs.
  public static void checkName(String claim, String name) throws RefusedException {
    var encodable = StandardCharsets.UTF_8.newEncoder().canEncode(name);
    if (!encodable || name.chars().anyMatch(Character::isISOControl)) {
      throw new RefusedException(claim + " has characters that no name may have");
    }
  }
}
