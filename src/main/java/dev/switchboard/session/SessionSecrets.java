package dev.switchboard.session;

import dev.switchboard.protocol.ClientId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Secrets of the sessions of one event loop, by which a client sends that cannot do so on its
/// connection. Confined to that loop.
///
/// A client id is no secret, as presence shows it; so the client's connect reply holds the id with
/// a code that only this loop can make. Nothing is kept for it.
public final class SessionSecrets {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;
  private static final int CODE_BYTES = 16;

  private final Mac mac;

  /// @param random a source nobody can guess
  public SessionSecrets(SecureRandom random) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  /// The secret of a session of this loop.
  public String secretOf(ClientId id) {
    String text = id.toString();
    byte[] code = mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    return text
        + ClientId.SECRET_SEPARATOR
        + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(code, CODE_BYTES));
  }

  /// Whether it is the secret of this session.
  public boolean isSecretOf(ClientId id, String secret) {
    return MessageDigest.isEqual(
        secretOf(id).getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
  }
}
