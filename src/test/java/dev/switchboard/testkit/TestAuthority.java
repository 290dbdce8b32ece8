package dev.switchboard.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate authority of a cluster and what it signed, as the JDK's own keytool makes them.
///
/// @param folder where the files are
public record TestAuthority(Path folder) {
  private static final String PASSWORD = "changeit";
  private static final String AUTHORITY = "authority";
  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  /// Makes a new authority.
  ///
  /// @param parent where its folder is made
  public static TestAuthority create(Path parent) {
    try {
      var authority = new TestAuthority(Files.createTempDirectory(parent, "authority"));
      authority.generate(AUTHORITY, List.of("-ext", "bc:c"));
      authority.write("ca.crt", "CERTIFICATE", authority.store().getCertificate(AUTHORITY));
      return authority;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /// Signs a certificate for a node.
  ///
  /// @param name an alias, and the host the certificate names
  /// @return the settings of a node that shows it
  public List<String> issue(String name) {
    generate(name, List.of("-signer", AUTHORITY, "-ext", "san=dns:" + name));
    try {
      KeyStore store = store();
      write(name + ".crt", "CERTIFICATE", store.getCertificate(name));
      byte[] key = store.getKey(name, PASSWORD.toCharArray()).getEncoded();
      Files.writeString(folder.resolve(name + ".key"), pem("PRIVATE KEY", key));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
    return List.of(
        "cluster.tls.certificate_file=" + folder.resolve(name + ".crt"),
        "cluster.tls.key_file=" + folder.resolve(name + ".key"),
        "cluster.tls.ca_file=" + folder.resolve("ca.crt"));
  }

  /// What a stranger or a friend connects with: shows this authority's certificates, trusts all of
  /// `trusted`.
  public SSLContext context(TestAuthority trusted) {
    try {
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store(), PASSWORD.toCharArray());
      KeyStore anchors = KeyStore.getInstance("PKCS12");
      anchors.load(null, null);
      anchors.setCertificateEntry(AUTHORITY, trusted.store().getCertificate(AUTHORITY));
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(anchors);
      var context = SSLContext.getInstance("TLSv1.3");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private void generate(String alias, List<String> more) {
    var command = new ArrayList<>(List.of(keytool(), "-genkeypair", "-alias", alias));
    command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2"));
    command.addAll(List.of("-dname", "CN=" + alias, "-storetype", "PKCS12"));
    command.addAll(List.of("-keystore", file().toString(), "-storepass", PASSWORD));
    command.addAll(more);
    try (var program = Program.start("keytool", command, Map.of())) {
      program.succeed(Duration.ofSeconds(60));
    }
  }

  private static String keytool() {
    return Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
  }

  private Path file() {
    return folder.resolve("all.p12");
  }

  private KeyStore store() throws IOException, GeneralSecurityException {
    return KeyStore.getInstance(file().toFile(), PASSWORD.toCharArray());
  }

  private void write(String name, String kind, java.security.cert.Certificate certificate)
      throws IOException, GeneralSecurityException {
    Files.writeString(folder.resolve(name), pem(kind, certificate.getEncoded()));
  }

  private static String pem(String kind, byte[] der) {
    String body = LINES.encodeToString(der);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(kind, body);
  }
}
