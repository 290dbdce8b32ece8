package dev.switchboard.door;

import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.StartException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import javax.net.ssl.X509KeyManager;

/// The certificate and the private key of the client port, as files.
///
/// Everything here blocks, so never on an event loop.
public final class PemPair {
  private static final byte[] SAMPLE = {1, 2, 3};

  private PemPair() {}

  /// Reads both files.
  ///
  /// @throws StartException naming the key, when a file cannot be read
  public static PemKeyCertOptions read(GatewayConfig.Tls tls) {
    return new PemKeyCertOptions()
        .setCertValue(read("tls.certificate_file", tls.certificateFile()))
        .setKeyValue(read("tls.key_file", tls.keyFile()));
  }

  private static Buffer read(String key, String file) {
    try {
      return Buffer.buffer(Files.readAllBytes(Path.of(file)));
    } catch (NoSuchFileException missing) {
      throw StartException.of(key, "names " + file + ", which does not exist", missing);
    } catch (IOException unreadable) {
      throw StartException.of(key, "names " + file + ", which cannot be read", unreadable);
    }
  }

  /// Refuses a pair that no client could connect to.
  ///
  /// The TLS engines take any key for any certificate and fail at the first handshake. Whoever
  /// renews a pair file by file shows us such a mixture for a moment.
  ///
  /// @throws Exception whatever the library throws for files that hold no certificate or no key
  public static void check(Vertx vertx, PemKeyCertOptions pair) throws Exception {
    var managers = pair.getKeyManagerFactory(vertx).getKeyManagers();
    var manager =
        Arrays.stream(managers)
            .filter(X509KeyManager.class::isInstance)
            .map(X509KeyManager.class::cast)
            .findFirst()
            .orElseThrow();
    for (String type : new String[] {"EC", "RSA", "EdDSA"}) {
      String[] aliases = manager.getServerAliases(type, null);
      if (aliases != null && aliases.length > 0) {
        PublicKey shown = manager.getCertificateChain(aliases[0])[0].getPublicKey();
        if (!belong(manager.getPrivateKey(aliases[0]), shown)) {
          throw new InvalidKeyException("tls.key_file is not the key of tls.certificate_file");
        }
        return;
      }
    }
  }

  private static boolean belong(PrivateKey key, PublicKey shown) throws Exception {
    if (!key.getAlgorithm().equals(shown.getAlgorithm())) {
      return false;
    }
    String algorithm =
        switch (shown.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          case String other -> other;
        };
    var signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(SAMPLE);
    byte[] signed = signature.sign();
    signature.initVerify(shown);
    signature.update(SAMPLE);
    return signature.verify(signed);
  }
}
