package dev.switchboard.token;

import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.Secret;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs whatever it is told, right or wrong; it shares no code with what it tests.
final class TokenForge {
  static final String SECRET = "canary-secret-" + "0123456789".repeat(6);
  static final String AUDIENCE = "switchboard";
  static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);
  static final String CLAIMS =
      "{\"sub\":\"canary-user\",\"aud\":\"switchboard\",\"exp\":1800000060,\"info\":{\"a\":1}}";
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final String algorithm;
  private final KeyPair pair;

  private TokenForge(String algorithm, KeyPair pair) {
    this.algorithm = algorithm;
    this.pair = pair;
  }

  static TokenForge of(String algorithm) {
    try {
      return new TokenForge(algorithm, generate(algorithm));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  String algorithm() {
    return algorithm;
  }

  /// The configuration entry that verifies what this forge signs.
  GatewayConfig.Key key(String id) {
    return new GatewayConfig.Key(id, algorithm, new Secret(pair == null ? SECRET : publicPem()));
  }

  String publicPem() {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  KeyPair pair() {
    return pair;
  }

  /// A good token for the only key, with these claims.
  String claims(String claims) {
    return signed("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}", claims);
  }

  /// A token whose header carries further members, such as `"kid":"a"`.
  String header(String members) {
    return signed("{\"alg\":\"" + algorithm + "\"," + members + "}", CLAIMS);
  }

  String signed(String header, String claims) {
    return signed(utf8(header), utf8(claims));
  }

  String signed(byte[] header, byte[] claims) {
    return sealed(BASE64.encodeToString(header) + "." + BASE64.encodeToString(claims));
  }

  /// Appends the signature of whatever stands before the second dot.
  String sealed(String input) {
    try {
      return input + "." + BASE64.encodeToString(sign(utf8(input)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String hmac(String input, byte[] secret) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return input + "." + BASE64.encodeToString(mac.doFinal(utf8(input)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String base64(String text) {
    return BASE64.encodeToString(utf8(text));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static GatewayConfig.Token config(GatewayConfig.Key... keys) {
    return config(true, true, "", keys);
  }

  static GatewayConfig.Token config(
      boolean requireExp, boolean requireAud, String issuer, GatewayConfig.Key... keys) {
    return new GatewayConfig.Token(
        new Secret(""),
        "HS256",
        List.of(keys),
        "",
        Duration.ofMinutes(5),
        AUDIENCE,
        issuer,
        requireExp,
        requireAud,
        "sub",
        Duration.ofSeconds(5),
        8192);
  }

  static TokenVerifier verifier(Vertx vertx, GatewayConfig.Key... keys) {
    return new TokenVerifier(vertx, config(keys), InstantSource.fixed(NOW));
  }

  private byte[] sign(byte[] input) throws GeneralSecurityException {
    if (pair == null) {
      var name = "HmacSHA" + algorithm.substring(2);
      var mac = Mac.getInstance(name);
      mac.init(new SecretKeySpec(utf8(SECRET), name));
      return mac.doFinal(input);
    }
    return sign(input, pair.getPrivate());
  }

  private byte[] sign(byte[] input, PrivateKey key) throws GeneralSecurityException {
    var signature = signature();
    signature.initSign(key);
    signature.update(input);
    return signature.sign();
  }

  private Signature signature() throws GeneralSecurityException {
    var hash = "SHA" + algorithm.substring(2);
    return switch (algorithm.substring(0, 2)) {
      case "RS" -> Signature.getInstance(hash + "withRSA");
      case "ES" -> Signature.getInstance(hash + "withECDSAinP1363Format");
      case "PS" -> {
        var pss = Signature.getInstance("RSASSA-PSS");
        pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        yield pss;
      }
      default -> Signature.getInstance("Ed25519");
    };
  }

  private static KeyPair generate(String algorithm) throws GeneralSecurityException {
    if (algorithm.startsWith("HS")) {
      return null;
    }
    var family =
        switch (algorithm.substring(0, 2)) {
          case "RS", "PS" -> "RSA";
          case "ES" -> "EC";
          default -> "Ed25519";
        };
    var generator = KeyPairGenerator.getInstance(family);
    switch (algorithm) {
      case "ES256" -> generator.initialize(256);
      case "ES384" -> generator.initialize(384);
      case "ES512" -> generator.initialize(521);
      case "EdDSA" -> {}
      default -> generator.initialize(2048);
    }
    return generator.generateKeyPair();
  }
}
