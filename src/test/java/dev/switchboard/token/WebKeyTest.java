package dev.switchboard.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebKeyTest {
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private static List<WebKey> read(String... keys) throws IOException {
    String set = "{\"keys\":[" + String.join(",", keys) + "]}";
    return WebKey.readAll(set.getBytes(StandardCharsets.UTF_8));
  }

  private static String number(BigInteger value, int bytes) {
    byte[] all = value.toByteArray();
    var fixed = new byte[bytes];
    int length = Math.min(bytes, all.length);
    System.arraycopy(all, all.length - length, fixed, bytes - length, length);
    return BASE64.encodeToString(fixed);
  }

  /// A public key as a JWK, written by hand from RFC 7518 and RFC 8037.
  static String jwk(TokenForge forge, String id) {
    String kind =
        switch (forge.pair().getPublic()) {
          case RSAPublicKey rsa ->
              "\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQAB\""
                  .formatted(number(rsa.getModulus(), rsa.getModulus().bitLength() / 8));
          case ECPublicKey ec -> {
            int bits = ec.getParams().getCurve().getField().getFieldSize();
            int bytes = (bits + 7) / 8;
            yield "\"kty\":\"EC\",\"crv\":\"P-%d\",\"x\":\"%s\",\"y\":\"%s\""
                .formatted(
                    bits,
                    number(ec.getW().getAffineX(), bytes),
                    number(ec.getW().getAffineY(), bytes));
          }
          case EdECPublicKey edwards -> {
            byte[] encoded = edwards.getEncoded();
            byte[] raw = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
            yield "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\""
                .formatted(BASE64.encodeToString(raw));
          }
          default -> throw new IllegalArgumentException(forge.algorithm());
        };
    return "{\"kid\":\"%s\",\"use\":\"sig\",%s}".formatted(id, kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "ES256", "ES384", "ES512", "EdDSA"})
  void aKeyIsTheOneThatWasPublished(String algorithm) throws IOException {
    for (int attempt = 0; attempt < 8; attempt++) {
      // Given
      TokenForge forge = TokenForge.of(algorithm);

      // When
      List<WebKey> keys = read(jwk(forge, "a"));

      // Then
      assertThat(keys).hasSize(1);
      assertThat(keys.getFirst().id()).isEqualTo("a");
      assertThat(keys.getFirst().algorithm()).isEqualTo(algorithm);
      assertThat(keys.getFirst().key()).isEqualTo(forge.pair().getPublic());
    }
  }

  /// The example of RFC 8037, appendix A.
  @Test
  void theKeyOfTheRfcVerifiesItsSignature() throws IOException, GeneralSecurityException {
    // Given
    String key =
        "{\"kid\":\"a\",\"kty\":\"OKP\",\"crv\":\"Ed25519\","
            + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";
    String input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    String signature =
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    var ed25519 = Signature.getInstance("Ed25519");

    // When
    ed25519.initVerify(read(key).getFirst().key());
    ed25519.update(input.getBytes(StandardCharsets.US_ASCII));

    // Then
    assertThat(ed25519.verify(Base64.getUrlDecoder().decode(signature))).isTrue();
  }

  @Test
  void whatIsForSomethingElseIsPassedOver() throws IOException {
    // Given
    String good = jwk(TokenForge.of("ES256"), "a");

    // When
    List<WebKey> keys =
        read(
            good,
            good.replace("\"sig\"", "\"enc\""),
            good.replace("\"kid\":\"a\"", "\"kid\":\"\""),
            good.replace("P-256", "secp256k1"),
            good.replace("\"EC\"", "\"oct\""),
            "{\"kid\":\"b\",\"kty\":\"RSA\",\"n\":\"\",\"e\":\"AQAB\"}",
            "{\"kid\":\"c\",\"kty\":\"RSA\",\"n\":\"?\",\"e\":\"AQAB\"}",
            "{\"kid\":\"d\",\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}",
            "7");

    // Then
    assertThat(keys).extracting(WebKey::id).containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "[]", "{}", "{\"keys\":7}"})
  void whatIsNoSetIsRefused(String set) {
    assertThatThrownBy(() -> WebKey.readAll(set.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IOException.class);
  }
}
