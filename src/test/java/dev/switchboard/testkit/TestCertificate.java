package dev.switchboard.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A self-signed certificate for this machine and its key, as the JDK's own keytool makes them.
///
/// @param privateKey as PEM
public record TestCertificate(String privateKey, X509Certificate certificate) {
  private static final String PASSWORD = "changeit";
  private static final String ALIAS = "node";
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  /// Makes a new pair.
  ///
  /// @param folder where the key store is kept
  /// @param addresses IP addresses it is good for, besides this machine's own
  public static TestCertificate create(Path folder, String... addresses) {
    try {
      Path file = Files.createTempDirectory(folder, "pair").resolve("node.p12");
      var command =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
              "-genkeypair",
              "-alias",
              ALIAS,
              "-keyalg",
              "EC",
              "-groupname",
              "secp256r1",
              "-validity",
              "2",
              "-dname",
              "CN=localhost",
              "-ext",
              "san=dns:localhost,ip:127.0.0.1,ip:::1"
                  + Stream.of(addresses).map(",ip:"::concat).collect(Collectors.joining()),
              "-storetype",
              "PKCS12",
              "-keystore",
              file.toString(),
              "-storepass",
              PASSWORD);
      try (var keytool = Program.start("keytool", command, Map.of())) {
        keytool.succeed(Duration.ofSeconds(60));
      }
      KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
      byte[] key = store.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded();
      var certificate = (X509Certificate) store.getCertificate(ALIAS);
      return new TestCertificate(pem("PRIVATE KEY", key), certificate);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /// Writes a PKCS12 trust store with this certificate for another JVM.
  ///
  /// @return the file
  public Path trustStore(Path folder) {
    Path file = folder.resolve("trusted.p12");
    try (var out = Files.newOutputStream(file)) {
      trustedStore(this).store(out, PASSWORD.toCharArray());
      return file;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /// What tells one certificate from another.
  public BigInteger serial() {
    return certificate.getSerialNumber();
  }

  /// The trust store's password.
  public String password() {
    return PASSWORD;
  }

  /// The certificate as PEM.
  public String certificatePem() {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /// Writes the pair as the node reads it.
  ///
  /// @return `folder`, for [#settings]
  public Path write(Path folder) {
    try {
      Files.writeString(folder.resolve("node.crt"), certificatePem());
      Files.writeString(folder.resolve("node.key"), privateKey);
      return folder;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// The settings of a node whose pair was written to a folder.
  public static List<String> settings(Path folder, String engine) {
    return List.of(
        "tls.certificate_file=" + folder.resolve("node.crt"),
        "tls.key_file=" + folder.resolve("node.key"),
        "tls.engine=" + engine);
  }

  /// Trusts exactly these certificates.
  public static SSLContext trusting(TestCertificate... trusted) {
    try {
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trustedStore(trusted));
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static KeyStore trustedStore(TestCertificate... trusted)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (TestCertificate each : trusted) {
      store.setCertificateEntry(each.serial().toString(), each.certificate());
    }
    return store;
  }

  private static String pem(String kind, byte[] der) {
    return "-----BEGIN "
        + kind
        + "-----\n"
        + LINES.encodeToString(der)
        + "\n-----END "
        + kind
        + "-----\n";
  }
}
