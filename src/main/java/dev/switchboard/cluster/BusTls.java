package dev.switchboard.cluster;

import dev.switchboard.config.GatewayConfig.ClusterTls;
import dev.switchboard.config.StartException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// Mutual TLS of the event bus, from PEM files. Stateless; it reads files, so never on a loop.
///
/// Vert.x never compares the name in a node's certificate with the address it connected to, nor
/// could it in a cluster whose addresses come and go: what counts is who signed. So the CA must
/// sign nodes of this cluster only. Both ends check; by default Vert.x would trust everybody.
final class BusTls {
  private static final String CERTIFICATE = "cluster.tls.certificate_file";
  private static final String KEY = "cluster.tls.key_file";
  private static final String CA = "cluster.tls.ca_file";
  // What the JDK calls a key exchange that says nothing about the key, as in TLS 1.3.
  private static final String ANY_EXCHANGE = "UNKNOWN";

  private BusTls() {}

  /// Encrypts a bus.
  ///
  /// @throws StartException naming the key, for files that no other node would accept
  static void apply(EventBusOptions bus, ClusterTls tls) {
    byte[] certificate = read(CERTIFICATE, tls.certificateFile());
    byte[] key = read(KEY, tls.keyFile());
    byte[] authority = read(CA, tls.caFile());
    List<X509Certificate> chain = certificates(CERTIFICATE, tls.certificateFile(), certificate);
    check(chain, certificates(CA, tls.caFile(), authority), tls);
    bus.setSsl(true)
        .setTrustAll(false)
        .setClientAuth(ClientAuth.REQUIRED)
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
        .setKeyCertOptions(
            new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(certificate))
                .setKeyValue(Buffer.buffer(key)))
        .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(authority)));
  }

  private static byte[] read(String key, String file) {
    try {
      return Files.readAllBytes(Path.of(file));
    } catch (NoSuchFileException missing) {
      throw StartException.of(key, "names " + file + ", which does not exist", missing);
    } catch (IOException unreadable) {
      throw StartException.of(key, "names " + file + ", which cannot be read", unreadable);
    }
  }

  private static List<X509Certificate> certificates(String key, String file, byte[] pem) {
    try {
      var factory = CertificateFactory.getInstance("X.509");
      List<X509Certificate> found =
          factory.generateCertificates(new ByteArrayInputStream(pem)).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (found.isEmpty()) {
        throw new CertificateException("no certificate");
      }
      return found;
    } catch (CertificateException unusable) {
      throw StartException.of(key, "names " + file + ", which holds no certificate", unusable);
    }
  }

  /// Refuses what others would refuse at the first handshake, where it would be hard to understand.
  private static void check(
      List<X509Certificate> chain, List<X509Certificate> authority, ClusterTls tls) {
    X509Certificate[] shown = chain.toArray(X509Certificate[]::new);
    try {
      X509TrustManager trust = trusting(authority);
      trust.checkServerTrusted(shown, ANY_EXCHANGE);
      trust.checkClientTrusted(shown, ANY_EXCHANGE);
    } catch (GeneralSecurityException | IOException refused) {
      throw StartException.of(
          CERTIFICATE,
          "names %s, which other nodes would refuse, going by cluster.tls.ca_file: %s"
              .formatted(tls.certificateFile(), StartException.reason(refused)),
          refused);
    }
  }

  private static X509TrustManager trusting(List<X509Certificate> authority)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (X509Certificate each : authority) {
      store.setCertificateEntry(String.valueOf(store.size()), each);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509TrustManager.class::isInstance)
        .map(X509TrustManager.class::cast)
        .findFirst()
        .orElseThrow();
  }
}
