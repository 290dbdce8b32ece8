package dev.switchboard.events;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs what webhooks are sent, as Standard Webhooks 1.0 says. Confined to one event loop.
final class Signature {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String ENCODED = "whsec_";

  private final Mac mac;

  /// @param secret as configured: base64 behind `whsec_`, or the bytes themselves as text
  Signature(String secret) {
    byte[] key =
        secret.startsWith(ENCODED)
            ? Base64.getDecoder().decode(secret.substring(ENCODED.length()))
            : secret.getBytes(StandardCharsets.UTF_8);
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  /// The value of the header `webhook-signature`.
  ///
  /// @param id of `webhook-id`
  /// @param second of `webhook-timestamp`
  String of(String id, long second, byte[] body) {
    mac.update((id + "." + second + ".").getBytes(StandardCharsets.UTF_8));
    return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
  }
}
