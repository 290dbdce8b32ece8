package dev.switchboard.token;

import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.Secret;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Pattern;

/// One configured key and the one algorithm it verifies.
///
/// Immutable, safe on any thread; the library locks a key while it checks one signature.
///
/// The signature check is vertx-auth-jwt's, through its public `JWTAuth`, whose future is complete
/// when it is returned; an incomplete one counts as refused. Each key has an instance of its own,
/// which therefore is never without a key (it would accept unsigned tokens) and never chooses among
/// keys. Nothing else of the library's verdict is used: the times, the audience and the shape are
/// judged by [TokenVerifier] and [CompactToken].
final class VerificationKey {
  private static final int RSA_BITS_MIN = 2048;
  private static final Pattern PEM =
      Pattern.compile(
          "\\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----\\s*");

  private final String id;
  private final String algorithm;
  private final int signatureBytes;
  private final JWTAuth library;

  private VerificationKey(Vertx vertx, Material material) {
    this.id = material.id();
    this.algorithm = material.algorithm().label;
    this.signatureBytes = material.signatureBytes();
    this.library =
        JWTAuth.create(
            vertx,
            new JWTAuthOptions()
                .setJWTOptions(new JWTOptions().setIgnoreExpiration(true))
                .addPubSecKey(
                    new PubSecKeyOptions()
                        .setId(id.isEmpty() ? null : id)
                        .setAlgorithm(algorithm)
                        .setBuffer(Buffer.buffer(material.bytes()))));
  }

  /// What the library is given to verify with.
  private record Material(String id, Algorithm algorithm, int signatureBytes, byte[] bytes) {}

  /// A kind of key.
  private enum Family {
    SECRET,
    RSA,
    EC,
    EDWARDS
  }

  /// An algorithm, by its name in a header, and how long its signatures are.
  private enum Algorithm {
    HS256("HS256", Family.SECRET, 32),
    HS384("HS384", Family.SECRET, 48),
    HS512("HS512", Family.SECRET, 64),
    RS256("RS256", Family.RSA, 0),
    RS384("RS384", Family.RSA, 0),
    RS512("RS512", Family.RSA, 0),
    PS256("PS256", Family.RSA, 0),
    PS384("PS384", Family.RSA, 0),
    PS512("PS512", Family.RSA, 0),
    ES256("ES256", Family.EC, 64),
    ES384("ES384", Family.EC, 96),
    ES512("ES512", Family.EC, 132),
    EDDSA("EdDSA", Family.EDWARDS, 0);

    private final String label;
    private final Family family;
    private final int signatureBytes;

    Algorithm(String label, Family family, int signatureBytes) {
      this.label = label;
      this.family = family;
      this.signatureBytes = signatureBytes;
    }
  }

  /// Builds the key of a configuration entry.
  ///
  /// @throws IllegalArgumentException naming the key's id, when it cannot be used
  static VerificationKey of(Vertx vertx, GatewayConfig.Key key) {
    var algorithm = algorithm(key);
    return switch (algorithm.family) {
      case SECRET -> ofSecret(vertx, key);
      case RSA -> ofPublic(vertx, key, algorithm, "RSA");
      case EC -> ofPublic(vertx, key, algorithm, "EC");
      case EDWARDS -> ofPublic(vertx, key, algorithm, "EdDSA");
    };
  }

  /// Builds a key that was fetched.
  ///
  /// @throws IllegalArgumentException naming the key's id, when it cannot be used
  static VerificationKey of(Vertx vertx, WebKey fetched) {
    var key = new GatewayConfig.Key(fetched.id(), fetched.algorithm(), new Secret(""));
    var algorithm = algorithm(key);
    var length = signatureBytes(key, algorithm, fetched.key());
    return ofPublic(vertx, key, fetched.key(), length);
  }

  /// Builds a key from a shared secret, whose bytes are its UTF-8 text.
  ///
  /// @throws IllegalArgumentException naming the key's id, when it cannot be used
  static VerificationKey ofSecret(Vertx vertx, GatewayConfig.Key key) {
    var algorithm = algorithm(key);
    if (algorithm.family != Family.SECRET) {
      throw unusable(key, "a shared secret needs HS256, HS384 or HS512");
    }
    if (key.pem().reveal().isBlank()) {
      throw unusable(key, "the shared secret is empty");
    }
    if (key.pem().reveal().contains("-----BEGIN ")) {
      throw unusable(key, "the shared secret is a PEM key, which others may know");
    }
    return ofSecret(
        vertx, key.id(), key.algorithm(), key.pem().reveal().getBytes(StandardCharsets.UTF_8));
  }

  /// Builds a key from secret bytes that need not be text.
  static VerificationKey ofSecret(Vertx vertx, String id, String algorithm, byte[] secret) {
    var chosen = Algorithm.valueOf(algorithm);
    return new VerificationKey(
        vertx, new Material(id, chosen, chosen.signatureBytes, secret.clone()));
  }

  /// The exact `kid`; empty when the key has none.
  String id() {
    return id;
  }

  /// Whether this key signed that token, with this key's algorithm.
  boolean verifies(CompactToken token) {
    // The library pads short signatures and takes DER for the raw form: only one spelling is right.
    if (!algorithm.equals(token.algorithm()) || token.signature().length != signatureBytes) {
      return false;
    }
    try {
      return library.authenticate(new TokenCredentials(token.text())).succeeded();
    } catch (RuntimeException refused) {
      // It casts claims before anyone looked at their types.
      return false;
    }
  }

  private static VerificationKey ofPublic(
      Vertx vertx, GatewayConfig.Key key, Algorithm algorithm, String factory) {
    var publicKey = readPem(key, factory);
    return ofPublic(vertx, key, publicKey, signatureBytes(key, algorithm, publicKey));
  }

  private static VerificationKey ofPublic(
      Vertx vertx, GatewayConfig.Key key, PublicKey publicKey, int length) {
    var algorithm = algorithm(key);
    // Written anew, because the library stumbles over indentation and missing line ends.
    var body = Base64.getMimeEncoder().encodeToString(publicKey.getEncoded());
    var pem = "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n";
    return new VerificationKey(
        vertx, new Material(key.id(), algorithm, length, pem.getBytes(StandardCharsets.US_ASCII)));
  }

  private static int signatureBytes(
      GatewayConfig.Key key, Algorithm algorithm, PublicKey publicKey) {
    return switch (publicKey) {
      case RSAKey rsa when rsa.getModulus().bitLength() >= RSA_BITS_MIN ->
          (rsa.getModulus().bitLength() + 7) / 8;
      case RSAKey _ -> throw unusable(key, "an RSA key needs at least 2048 bits");
      case ECKey ec when curveOf(ec).equals(algorithm) -> algorithm.signatureBytes;
      case ECKey _ -> throw unusable(key, "the curve does not belong to the algorithm");
      case EdECKey edwards -> edwards.getParams().getName().equals("Ed25519") ? 64 : 114;
      default -> throw unusable(key, "the public key is of an unknown kind");
    };
  }

  private static Algorithm curveOf(ECKey key) {
    return switch (key.getParams().getCurve().getField().getFieldSize()) {
      case 256 -> Algorithm.ES256;
      case 384 -> Algorithm.ES384;
      default -> Algorithm.ES512;
    };
  }

  private static PublicKey readPem(GatewayConfig.Key key, String factory) {
    var pem = key.pem().reveal();
    if (pem.contains("PRIVATE KEY")) {
      throw unusable(key, "a private key was given; only the public key belongs here");
    }
    var match = PEM.matcher(pem);
    if (!match.matches()) {
      throw unusable(key, "expected PEM that starts with -----BEGIN PUBLIC KEY-----");
    }
    try {
      var encoded = Base64.getMimeDecoder().decode(match.group(1));
      return KeyFactory.getInstance(factory).generatePublic(new X509EncodedKeySpec(encoded));
    } catch (IllegalArgumentException | GeneralSecurityException unreadable) {
      throw unusable(key, "the PEM holds no " + factory + " public key");
    }
  }

  private static Algorithm algorithm(GatewayConfig.Key key) {
    for (var algorithm : Algorithm.values()) {
      if (algorithm.label.equals(key.algorithm())) {
        return algorithm;
      }
    }
    throw unusable(key, "the algorithm is not supported");
  }

  private static IllegalArgumentException unusable(GatewayConfig.Key key, String problem) {
    return new IllegalArgumentException("token key \"" + key.id() + "\": " + problem);
  }
}
