package dev.switchboard.auth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.config.GatewayConfig;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Turns a presented token into what it grants, or into the reason why not.
///
/// Immutable and safe on any thread. The library locks a key during a check, so an owner that
/// connects many sessions at once does better with a verifier of its own. A call costs tens of
/// microseconds (an ECDSA check a few hundred) and never waits.
///
/// The order is the defence: size, shape, header, key, signature, and only then the claims (`exp`
/// and `nbf` last, so [TokenOutcome.Expired] means that all else was good). The key is never chosen
/// by what the token says about algorithms: a `kid` must equal the id of a configured key, and may
/// be absent only when a single key is configured. A `kid` that names no key is refused even then,
/// and even if that key has no id: who names keys must configure the names. Without any key every
/// token is refused.
public final class TokenVerifier {
  private static final Duration SKEW_MAX = Duration.ofSeconds(30);
  private static final long YEAR_10000 = 253_402_300_800L;

  private final GatewayConfig.Token config;
  private final InstantSource wallClock;
  private final Map<String, VerificationKey> keys = new HashMap<>();

  /// @param vertx what the token library asks for; it is not kept
  /// @param wallClock the time that `exp` and `nbf` are held against
  /// @throws IllegalArgumentException naming the key or the option that cannot be used
  public TokenVerifier(Vertx vertx, GatewayConfig.Token config, InstantSource wallClock) {
    this.config = config;
    this.wallClock = wallClock;
    if (config.skew().isNegative() || config.skew().compareTo(SKEW_MAX) > 0) {
      throw new IllegalArgumentException("token skew must lie between 0 and 30 seconds");
    }
    if (config.hasKeys() && config.requireAud() && config.audience().isEmpty()) {
      throw new IllegalArgumentException("token require_aud needs an audience to compare with");
    }
    if (!config.hmacSecret().isEmpty()) {
      var secret = new GatewayConfig.Key("", config.hmacAlgorithm(), config.hmacSecret());
      add(VerificationKey.ofSecret(vertx, secret));
    }
    for (var key : config.keys()) {
      add(VerificationKey.of(vertx, key));
    }
    if (keys.size() > 1 && keys.containsKey("")) {
      throw new IllegalArgumentException(
          "token keys: of several keys each needs an id, the HMAC secret too (list it as a key)");
    }
  }

  /// What a connection token grants.
  public TokenOutcome<ConnectionGrant> verifyConnection(String token) {
    return outcome(token, TokenVerifier::connectionGrant);
  }

  /// What a subscription token grants; whom and what it is for is compared by [Permissions].
  public TokenOutcome<SubscriptionGrant> verifySubscription(String token) {
    return outcome(token, TokenVerifier::subscriptionGrant);
  }

  private void add(VerificationKey key) {
    if (keys.putIfAbsent(key.id(), key) != null) {
      throw new IllegalArgumentException("token key \"" + key.id() + "\": configured twice");
    }
  }

  /// Reads a grant from claims that are signed.
  @FunctionalInterface
  private interface Reader<T> {
    T read(JsonClaims claims, String user, long expireAt) throws RefusedException;
  }

  private <T> TokenOutcome<T> outcome(String token, Reader<T> reader) {
    try {
      if (token == null) {
        throw new RefusedException("there is no token");
      }
      var parsed = CompactToken.parse(token, config.bytesMax());
      if (!key(parsed).verifies(parsed)) {
        throw new RefusedException("the key's algorithm and signature do not match");
      }
      var claims = parsed.claims();
      checkAudience(claims);
      checkIssuer(claims);
      var times = Times.of(claims);
      if (config.requireExp() && times.exp().isEmpty()) {
        throw new RefusedException("exp is missing");
      }
      var user = user(claims);
      var grant = reader.read(claims, user, times.expireAtSeconds());
      return times.cover(wallClock, config.skew())
          ? new TokenOutcome.Granted<>(grant)
          : new TokenOutcome.Expired<>();
    } catch (RefusedException refused) {
      return new TokenOutcome.Refused<>(refused.getMessage());
    }
  }

  private VerificationKey key(CompactToken token) throws RefusedException {
    var key =
        token.keyId().isPresent() || keys.size() != 1
            ? keys.get(token.keyId().orElse(""))
            : keys.values().iterator().next();
    if (key == null) {
      throw new RefusedException("kid names no configured key");
    }
    return key;
  }

  private void checkAudience(JsonClaims claims) throws RefusedException {
    var aud = claims.value("aud");
    if (aud == null) {
      if (config.requireAud()) {
        throw new RefusedException("aud is missing");
      }
      return;
    }
    var audiences = aud.isTextual() ? List.of(aud.textValue()) : strings("aud", aud);
    if (!config.audience().isEmpty() && !audiences.contains(config.audience())) {
      throw new RefusedException("aud is for somebody else");
    }
  }

  private void checkIssuer(JsonClaims claims) throws RefusedException {
    var issuer = claims.text("iss");
    if (!config.issuer().isEmpty() && !issuer.equals(Optional.of(config.issuer()))) {
      throw new RefusedException("iss is somebody else");
    }
  }

  private String user(JsonClaims claims) throws RefusedException {
    var user = claims.text(config.userClaim()).orElse("");
    checkName(config.userClaim(), user);
    if (user.getBytes(StandardCharsets.UTF_8).length > 255) {
      throw new RefusedException(config.userClaim() + " is too long");
    }
    return user;
  }

  private static ConnectionGrant connectionGrant(JsonClaims claims, String user, long expireAt)
      throws RefusedException {
    if (claims.has("channel")) {
      throw new RefusedException("a subscription token was used to connect");
    }
    return new ConnectionGrant(
        new Principal(user, shown(claims), Capability.read(claims.value("caps"))),
        expireAt,
        channels(claims));
  }

  private static SubscriptionGrant subscriptionGrant(JsonClaims claims, String user, long expireAt)
      throws RefusedException {
    var channel = claims.text("channel").orElse("");
    if (channel.isEmpty()) {
      throw new RefusedException("channel is missing");
    }
    checkName("channel", channel);
    var client = claims.text("client").orElse("");
    return new SubscriptionGrant(user, channel, client, shown(claims), expireAt);
  }

  /// What others get to see; `b64info` wins over `info`, which is kept byte for byte.
  private static byte[] shown(JsonClaims claims) throws RefusedException {
    var encoded = claims.text("b64info").orElse("");
    if (encoded.isEmpty()) {
      return claims.raw("info");
    }
    try {
      return Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException notBase64) {
      throw new RefusedException("b64info is not base64");
    }
  }

  /// Server-side subscriptions; the names in `subs` take precedence over `channels`.
  private static List<String> channels(JsonClaims claims) throws RefusedException {
    var subs = claims.value("subs");
    var listed = claims.value("channels");
    List<String> channels = List.of();
    if (subs != null && !subs.isNull()) {
      if (!subs.isObject()) {
        throw new RefusedException("subs is not an object");
      }
      channels = subs.propertyStream().map(Map.Entry::getKey).toList();
    } else if (listed != null && !listed.isNull()) {
      channels = strings("channels", listed).stream().distinct().toList();
    }
    for (var channel : channels) {
      if (channel.isEmpty()) {
        throw new RefusedException("a channel has no name");
      }
      checkName("channels", channel);
    }
    return channels;
  }

  static List<String> strings(String name, JsonNode array) throws RefusedException {
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

  /// Names end up in logs, on the wire and in other clients: no control characters, no half pairs.
  private static void checkName(String claim, String name) throws RefusedException {
    var encodable = StandardCharsets.UTF_8.newEncoder().canEncode(name);
    if (!encodable || name.chars().anyMatch(Character::isISOControl)) {
      throw new RefusedException(claim + " has characters that no name may have");
    }
  }

  /// The times of a token in seconds of the Unix epoch, fractions allowed.
  private record Times(OptionalDouble exp, OptionalDouble nbf, OptionalDouble expireAt) {
    private static Times of(JsonClaims claims) throws RefusedException {
      read(claims, "iat");
      return new Times(read(claims, "exp"), read(claims, "nbf"), read(claims, "expire_at"));
    }

    private static OptionalDouble read(JsonClaims claims, String name) throws RefusedException {
      var seconds = claims.number(name);
      // Beyond it somebody wrote milliseconds, and a token for fifty thousand years.
      if (seconds.orElse(0) < 0 || seconds.orElse(0) >= YEAR_10000) {
        throw new RefusedException(name + " is out of range");
      }
      return seconds;
    }

    private long expireAtSeconds() {
      return (long) expireAt.orElse(exp.orElse(0));
    }

    private boolean cover(InstantSource clock, Duration skew) {
      var now = clock.millis() / 1000.0;
      var tolerance = skew.toMillis() / 1000.0;
      var end = expireAt.orElse(0);
      return now < exp.orElse(Double.MAX_VALUE) + tolerance
          && now >= nbf.orElse(0) - tolerance
          && (end == 0 || now < end + tolerance);
    }
  }
}
