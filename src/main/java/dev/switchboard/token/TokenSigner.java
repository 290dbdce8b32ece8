package dev.switchboard.token;

import dev.switchboard.config.GatewayConfig;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Duration;
import java.time.InstantSource;

/// Makes tokens that a [TokenVerifier] of the same configuration accepts.
///
/// Immutable and safe on any thread; for the command line, the development start and tests. Only
/// shared secrets can sign: the gateway holds no private keys.
public final class TokenSigner {
  private final GatewayConfig.Token config;
  private final InstantSource wallClock;
  private final JWTAuth library;
  private final JWTOptions header;

  /// @throws IllegalArgumentException when no shared secret is configured, or it cannot be used
  public TokenSigner(Vertx vertx, GatewayConfig.Token config, InstantSource wallClock) {
    var key = signingKey(config);
    // Made only to refuse here whatever the verifier would refuse there.
    VerificationKey.ofSecret(vertx, key);
    this.config = config;
    this.wallClock = wallClock;
    this.header = new JWTOptions().setAlgorithm(key.algorithm()).setNoTimestamp(true);
    this.library =
        JWTAuth.create(
            vertx,
            new JWTAuthOptions()
                .addPubSecKey(
                    new PubSecKeyOptions()
                        .setId(key.id().isEmpty() ? null : key.id())
                        .setAlgorithm(key.algorithm())
                        .setBuffer(Buffer.buffer(key.pem().reveal()))));
  }

  /// A token to connect with.
  ///
  /// @param user the user id, empty for the anonymous user
  /// @param ttl how long it is good; positive
  public String connection(String user, Duration ttl) {
    return sign(user, ttl, new JsonObject());
  }

  /// A token to subscribe to one channel with.
  ///
  /// @param user the user id it is issued for, empty for the anonymous user
  /// @param ttl how long it is good; positive
  public String subscription(String user, String channel, Duration ttl) {
    return sign(user, ttl, new JsonObject().put("channel", channel));
  }

  /// A token with further claims, such as `info` or `channels`.
  ///
  /// @param user the user id, empty for the anonymous user
  /// @param ttl how long it is good; positive
  /// @param claims what else it says; left as it is
  public String sign(String user, Duration ttl, JsonObject claims) {
    if (!ttl.isPositive()) {
      throw new IllegalArgumentException("the time to live of a token must be positive");
    }
    var now = wallClock.instant();
    var all = claims.copy();
    all.put("iat", now.getEpochSecond()).put("exp", now.plus(ttl).getEpochSecond());
    putUnlessEmpty(all, config.userClaim(), user);
    putUnlessEmpty(all, "aud", config.audience());
    putUnlessEmpty(all, "iss", config.issuer());
    return library.generateToken(all, header);
  }

  private static GatewayConfig.Key signingKey(GatewayConfig.Token config) {
    if (!config.hmacSecret().isEmpty()) {
      return new GatewayConfig.Key("", config.hmacAlgorithm(), config.hmacSecret());
    }
    return config.keys().stream()
        .filter(key -> key.algorithm().startsWith("HS"))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("signing tokens needs a configured HMAC secret"));
  }

  private static void putUnlessEmpty(JsonObject claims, String name, String value) {
    if (!value.isEmpty()) {
      claims.put(name, value);
    }
  }
}
