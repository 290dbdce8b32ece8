package dev.switchboard.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.TestCertificate;
import dev.switchboard.testkit.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that come again need no whole TLS handshake, whichever event loop they meet.
class TlsResumptionIT {
  private static final int CONNECTIONS = 8;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void aSessionGoesOn(String version) throws IOException {
    // Given
    var certificate = TestCertificate.create(folder);
    SSLContext client = TestCertificate.trusting(certificate);
    List<String> settings = TestCertificate.settings(certificate.write(folder), "auto");
    try (var node = TestNode.start(settings.toArray(String[]::new))) {
      long first = beganAt(client, node, version);

      // When
      for (int connection = 0; connection < CONNECTIONS; connection++) {
        // Then
        assertThat(beganAt(client, node, version)).isEqualTo(first);
      }

      // When
      long stranger = beganAt(TestCertificate.trusting(certificate), node, version);

      // Then
      assertThat(stranger).isGreaterThan(first);
    }
  }

  /// When the session began that a new connection has: its own, or one that it resumed.
  private static long beganAt(SSLContext client, TestNode node, String version) throws IOException {
    try (var socket =
        (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", node.port())) {
      socket.setEnabledProtocols(new String[] {version});
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write("GET /nothing HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      // Behind the answer the client has its ticket too.
      socket.getInputStream().readAllBytes();
      SSLSession session = socket.getSession();
      assertThat(session.getProtocol()).isEqualTo(version);
      return session.getCreationTime();
    }
  }
}
