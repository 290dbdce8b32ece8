package dev.switchboard.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.auth.ConnectionGrant;
import dev.switchboard.auth.RefusedException;
import dev.switchboard.auth.TokenOutcome;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.Secret;
import io.vertx.core.Vertx;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The examples of RFC 7515, appendix A.1 to A.3.
class SignatureVectorTest {
  private static final String CLAIMS =
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
          + "fQ";
  private static final Instant BEFORE = Instant.ofEpochSecond(1_300_819_379L);
  private static final Instant AFTER = Instant.ofEpochSecond(1_300_819_386L);
  private static Vertx vertx;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  @Test
  void verifiesA1() throws RefusedException {
    // Given
    var secret =
        bytes(
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CA"
                + "ow");
    var key = VerificationKey.ofSecret(vertx, "", "HS256", secret);
    var head = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." + CLAIMS;
    var good = CompactToken.parse(head + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", 8192);
    var bad = CompactToken.parse(head + ".eBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", 8192);

    // When
    var verified = key.verifies(good);
    var forged = key.verifies(bad);

    // Then
    assertThat(verified).isTrue();
    assertThat(forged).isFalse();
  }

  @Test
  void verifiesA2() throws GeneralSecurityException {
    // Given
    var modulus =
        "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt"
            + "0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpa"
            + "SHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9k"
            + "G4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp"
            + "oQ";
    var key =
        KeyFactory.getInstance("RSA")
            .generatePublic(new RSAPublicKeySpec(number(modulus), number("AQAB")));
    var token =
        "eyJhbGciOiJSUzI1NiJ9."
            + CLAIMS
            + ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF"
            + "5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6x"
            + "BArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6Bf"
            + "I7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypG"
            + "lUPQGe77Rw";

    // When
    var before = verify("RS256", key, token, BEFORE);
    var after = verify("RS256", key, token, AFTER);

    // Then
    assertThat(before).isInstanceOf(TokenOutcome.Granted.class);
    assertThat(after).isInstanceOf(TokenOutcome.Expired.class);
  }

  @Test
  void verifiesA3() throws GeneralSecurityException {
    // Given
    var parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    var point =
        new ECPoint(
            number("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
            number("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"));
    var curve = parameters.getParameterSpec(ECParameterSpec.class);
    var key = KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve));
    var token =
        "eyJhbGciOiJFUzI1NiJ9."
            + CLAIMS
            + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-K"
            + "g6NU1Q";

    // When
    var before = verify("ES256", key, token, BEFORE);
    var after = verify("ES256", key, token, AFTER);

    // Then
    assertThat(before).isInstanceOf(TokenOutcome.Granted.class);
    assertThat(after).isInstanceOf(TokenOutcome.Expired.class);
  }

  private static TokenOutcome<ConnectionGrant> verify(
      String algorithm, PublicKey key, String token, Instant now) {
    var pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(key.getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    var entry = new GatewayConfig.Key("", algorithm, new Secret(pem));
    var config = TokenForge.config(true, false, "joe", entry);
    return new TokenVerifier(vertx, config, InstantSource.fixed(now)).verifyConnection(token);
  }

  private static BigInteger number(String base64) {
    return new BigInteger(1, bytes(base64));
  }

  private static byte[] bytes(String base64) {
    return Base64.getUrlDecoder().decode(base64);
  }
}
