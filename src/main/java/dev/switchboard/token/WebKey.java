package dev.switchboard.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A public key of a JSON Web Key Set (RFC 7517, RFC 7518 chapter 6, RFC 8037). Immutable.
///
/// @param id its `kid`, never empty
/// @param algorithm the one algorithm it verifies: its `alg`, else what is usual for its kind
record WebKey(String id, String algorithm, PublicKey key) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Map<String, String> CURVES =
      Map.of("P-256", "ES256", "P-384", "ES384", "P-521", "ES512");
  private static final Map<String, String> JAVA_CURVES =
      Map.of("P-256", "secp256r1", "P-384", "secp384r1", "P-521", "secp521r1");

  /// The keys of a set that can verify tokens; others in it are for something else.
  ///
  /// @throws IOException when it is no set of keys
  static List<WebKey> readAll(byte[] set) throws IOException {
    JsonNode keys = MAPPER.readTree(set).path("keys");
    if (!keys.isArray()) {
      throw new IOException("no set of keys: `keys` is not a list");
    }
    List<WebKey> all = new ArrayList<>();
    for (JsonNode key : keys) {
      read(key).ifPresent(all::add);
    }
    return List.copyOf(all);
  }

  private static Optional<WebKey> read(JsonNode key) {
    String id = key.path("kid").asText("");
    if (id.isEmpty() || !key.path("use").asText("sig").equals("sig")) {
      return Optional.empty();
    }
    try {
      return switch (key.path("kty").asText()) {
        case "RSA" -> Optional.of(new WebKey(id, key.path("alg").asText("RS256"), rsa(key)));
        case "EC" -> {
          String curve = key.path("crv").asText();
          yield CURVES.containsKey(curve)
              ? Optional.of(
                  new WebKey(id, key.path("alg").asText(CURVES.get(curve)), ec(key, curve)))
              : Optional.empty();
        }
        case "OKP" ->
            key.path("crv").asText().equals("Ed25519")
                ? Optional.of(new WebKey(id, key.path("alg").asText("EdDSA"), edwards(key)))
                : Optional.empty();
        // Whoever can read a shared secret can sign with it.
        default -> Optional.empty();
      };
    } catch (GeneralSecurityException | IllegalArgumentException unusable) {
      return Optional.empty();
    }
  }

  private static PublicKey rsa(JsonNode key) throws GeneralSecurityException {
    return KeyFactory.getInstance("RSA")
        .generatePublic(new RSAPublicKeySpec(number(key, "n"), number(key, "e")));
  }

  private static PublicKey ec(JsonNode key, String curve) throws GeneralSecurityException {
    var parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(JAVA_CURVES.get(curve)));
    var point = new ECPoint(number(key, "x"), number(key, "y"));
    return KeyFactory.getInstance("EC")
        .generatePublic(
            new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
  }

  /// RFC 8032, 5.1.2: little-endian, the highest bit says whether the other coordinate is odd.
  private static PublicKey edwards(JsonNode key) throws GeneralSecurityException {
    byte[] bytes = bytes(key, "x");
    if (bytes.length != 32) {
      throw new IllegalArgumentException("an Ed25519 key has 32 bytes");
    }
    boolean odd = (bytes[31] & 0x80) != 0;
    bytes[31] &= 0x7f;
    for (int low = 0, high = 31; low < high; low++, high--) {
      byte swapped = bytes[low];
      bytes[low] = bytes[high];
      bytes[high] = swapped;
    }
    var point = new EdECPoint(odd, new BigInteger(1, bytes));
    return KeyFactory.getInstance("EdDSA")
        .generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
  }

  private static BigInteger number(JsonNode key, String name) {
    return new BigInteger(1, bytes(key, name));
  }

  private static byte[] bytes(JsonNode key, String name) {
    byte[] bytes = Base64.getUrlDecoder().decode(key.path(name).asText(""));
    if (bytes.length == 0) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return bytes;
  }
}
