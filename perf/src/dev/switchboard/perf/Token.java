package dev.switchboard.perf;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs connection tokens (JWT, HS256) with a secret that only this run knows.
final class Token {
  private static final Duration LIFE = Duration.ofHours(2);
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final Mac mac;

  /// @param secret the `token.hmac_secret` of the gateway that will verify
  Token(String secret) {
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw PerfException.failed("cannot sign tokens", e);
    }
  }

  /// A token for `user` that outlives every scenario.
  String sign(String user) {
    long now = Instant.now().getEpochSecond();
    return signClaims(
        "{\"sub\":\"%s\",\"iat\":%d,\"exp\":%d}".formatted(user, now, now + LIFE.toSeconds()));
  }

  /// A token over exactly these claims.
  String signClaims(String claims) {
    String signed = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + encode(claims);
    byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
    return signed + "." + BASE64.encodeToString(signature);
  }

  private static String encode(String json) {
    return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }
}
