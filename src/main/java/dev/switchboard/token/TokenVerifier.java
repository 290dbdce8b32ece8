package dev.switchboard.token;

import dev.switchboard.auth.ConnectionGrant;
import dev.switchboard.auth.GrantReader;
import dev.switchboard.auth.JsonClaims;
import dev.switchboard.auth.RefusedException;
import dev.switchboard.auth.SubscriptionGrant;
import dev.switchboard.auth.TokenOutcome;
import dev.switchboard.config.GatewayConfig;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Turns a presented token into what it grants, or into the reason why not.
///
/// Safe on any thread. The library locks a key during a check, so an owner that connects many
/// sessions at once does better with a verifier of its own. A call costs tens of microseconds (an
/// ECDSA check a few hundred) and never waits.
///
/// The order is the defence: size, shape, header, key, signature, and only then the claims (`exp`
/// and `nbf` last, so [TokenOutcome.Expired] means that all else was good). The key is never chosen
/// by what the token says about algorithms: a `kid` must equal the id of a configured key, and may
/// be absent only when a single key is configured and none can be fetched. A `kid` that names no
/// key is refused even then, and even if that key has no id: who names keys must configure the
/// names. Without any key every token is refused.
public final class TokenVerifier {
  private static final Duration SKEW_MAX = Duration.ofSeconds(30);

  private final GatewayConfig.Token config;
  private final InstantSource wallClock;
  private final Vertx vertx;
  private final FetchedKeys fetched;
  private final Map<String, VerificationKey> keys = new HashMap<>();
  private volatile Fetched known = new Fetched(List.of(), Map.of());

  /// What was made of keys that were fetched.
  private record Fetched(List<WebKey> of, Map<String, VerificationKey> keys) {}

  /// One that knows the keys of the configuration alone.
  ///
  /// @param vertx what the token library asks for
  public TokenVerifier(Vertx vertx, GatewayConfig.Token config, InstantSource wallClock) {
    this(vertx, config, FetchedKeys.NONE, wallClock);
  }

  /// @param vertx what the token library asks for
  /// @param fetched more keys, as they are at any time
  /// @param wallClock the time that `exp` and `nbf` are held against
  /// @throws IllegalArgumentException naming the key or the option that cannot be used
  public TokenVerifier(
      Vertx vertx, GatewayConfig.Token config, FetchedKeys fetched, InstantSource wallClock) {
    this.vertx = vertx;
    this.fetched = fetched;
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
    return outcome(token, this::connectionGrant);
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
      Optional<VerificationKey> key = key(parsed);
      if (key.isEmpty()) {
        return new TokenOutcome.Unknown<>();
      }
      if (!key.get().verifies(parsed)) {
        throw new RefusedException("the key's algorithm and signature do not match");
      }
      var claims = parsed.claims();
      checkAudience(claims);
      checkIssuer(claims);
      var times = Times.of(claims);
      if (config.requireExp() && times.exp().isEmpty()) {
        throw new RefusedException("exp is missing");
      }
      var user = GrantReader.user(claims, config.userClaim());
      var grant = reader.read(claims, user, times.expireAtSeconds());
      return times.cover(wallClock, config.skew())
          ? new TokenOutcome.Granted<>(grant)
          : new TokenOutcome.Expired<>();
    } catch (RefusedException refused) {
      return new TokenOutcome.Refused<>(refused.getMessage());
    }
  }

  /// The key that a token names; empty when one that can be fetched may be it.
  private Optional<VerificationKey> key(CompactToken token) throws RefusedException {
    if (token.keyId().isEmpty() && keys.size() == 1 && !fetched.canBeAsked()) {
      return Optional.of(keys.values().iterator().next());
    }
    String id = token.keyId().orElse("");
    VerificationKey key = keys.get(id);
    if (key == null) {
      key = fetchedKeys().get(id);
    }
    if (key == null && (id.isEmpty() || !fetched.canBeAsked())) {
      throw new RefusedException("kid names no key");
    }
    return Optional.ofNullable(key);
  }

  private Map<String, VerificationKey> fetchedKeys() {
    List<WebKey> all = fetched.keys();
    Fetched last = known;
    if (last.of() != all) {
      Map<String, VerificationKey> usable = new HashMap<>();
      for (WebKey each : all) {
        try {
          usable.put(each.id(), VerificationKey.of(vertx, each));
        } catch (IllegalArgumentException _) {
          // Too short, or of an algorithm that is not ours: for others than us.
        }
      }
      last = new Fetched(all, usable);
      known = last;
    }
    return last.keys();
  }

  private void checkAudience(JsonClaims claims) throws RefusedException {
    var aud = claims.value("aud");
    if (aud == null) {
      if (config.requireAud()) {
        throw new RefusedException("aud is missing");
      }
      return;
    }
    var audiences = aud.isTextual() ? List.of(aud.textValue()) : GrantReader.strings(claims, "aud");
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

  private ConnectionGrant connectionGrant(JsonClaims claims, String user, long expireAt)
      throws RefusedException {
    if (claims.has("channel")) {
      throw new RefusedException("a subscription token was used to connect");
    }
    return GrantReader.connection(claims, config.userClaim(), expireAt);
  }

  private static SubscriptionGrant subscriptionGrant(JsonClaims claims, String user, long expireAt)
      throws RefusedException {
    var channel = claims.text("channel").orElse("");
    if (channel.isEmpty()) {
      throw new RefusedException("channel is missing");
    }
    GrantReader.checkName("channel", channel);
    var client = claims.text("client").orElse("");
    return new SubscriptionGrant(user, channel, client, GrantReader.terms(claims, expireAt));
  }

  /// The times of a token in seconds of the Unix epoch, fractions allowed.
  private record Times(OptionalDouble exp, OptionalDouble nbf, OptionalDouble expireAt) {
    private static Times of(JsonClaims claims) throws RefusedException {
      GrantReader.second(claims, "iat");
      return new Times(
          GrantReader.second(claims, "exp"),
          GrantReader.second(claims, "nbf"),
          GrantReader.second(claims, "expire_at"));
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
