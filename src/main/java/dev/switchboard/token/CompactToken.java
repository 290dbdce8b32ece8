package dev.switchboard.token;

import dev.switchboard.auth.JsonClaims;
import dev.switchboard.auth.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// A JWT in compact form whose shape is right; nothing it says is believed yet.
///
/// Every part is canonical base64url, so one signature has one spelling. Header members that would
/// choose a key, or change what is signed, are refused whatever they hold (RFC 8725, 3.1 and 3.10).
///
/// @param text the token as presented
/// @param algorithm what the header says was used; only ever compared with a key's own
/// @param keyId the header's `kid`, never empty text
/// @param claims the signed object, to be interpreted after the signature was checked
/// @param signature the decoded third part
record CompactToken(
    String text, String algorithm, Optional<String> keyId, JsonClaims claims, byte[] signature) {
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final List<String> FORBIDDEN =
      List.of("crit", "jku", "jwk", "x5u", "x5c", "b64", "zip", "enc");

  /// Takes a token apart.
  ///
  /// @throws RefusedException when any rule of the shape is broken
  static CompactToken parse(String token, int bytesMax) throws RefusedException {
    // Characters suffice: whatever is not one byte in UTF-8 fails as base64url below.
    if (token.length() > bytesMax) {
      throw new RefusedException("the token is too long");
    }
    var firstDot = token.indexOf('.');
    var secondDot = token.indexOf('.', firstDot + 1);
    if (firstDot < 0 || secondDot < 0 || token.indexOf('.', secondDot + 1) >= 0) {
      throw new RefusedException("the token does not have three parts");
    }
    var header = JsonClaims.parse(decode(token.substring(0, firstDot)));
    checkHeader(header);
    return new CompactToken(
        token,
        header.text("alg").orElseThrow(() -> new RefusedException("alg is missing")),
        header.text("kid"),
        JsonClaims.parse(decode(token.substring(firstDot + 1, secondDot))),
        decode(token.substring(secondDot + 1)));
  }

  private static void checkHeader(JsonClaims header) throws RefusedException {
    for (var name : FORBIDDEN) {
      if (header.has(name)) {
        throw new RefusedException("the header has " + name);
      }
    }
    if (!header.text("typ").orElse("JWT").equalsIgnoreCase("JWT")) {
      throw new RefusedException("typ is not JWT");
    }
    if (header.text("kid").orElse("-").isEmpty()) {
      throw new RefusedException("kid is empty");
    }
  }

  private static byte[] decode(String part) throws RefusedException {
    if (part.isEmpty()) {
      throw new RefusedException("a part is empty");
    }
    try {
      var bytes = DECODER.decode(part.getBytes(StandardCharsets.UTF_8));
      // Padding and stray bits in the last character decode too, but do not encode back.
      if (ENCODER.encodeToString(bytes).equals(part)) {
        return bytes;
      }
    } catch (IllegalArgumentException notBase64) {
      // Falls through to the one refusal below.
    }
    throw new RefusedException("a part is not base64url");
  }
}
