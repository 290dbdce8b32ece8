package dev.switchboard.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.switchboard.testkit.AllowLog;
import dev.switchboard.testkit.TestCertificate;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// Renewing the certificate of a running node.
@AllowLog(logger = "dev.switchboard.door.CertificateWatch")
class CertificateReloadIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  // Enough that with two event loops sharing the port both are met.
  private static final int CONNECTIONS = 8;

  private final Logger logger =
      (Logger) LoggerFactory.getLogger("dev.switchboard.door.CertificateWatch");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @TempDir Path folder;

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(log);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void aNewPairIsForNewConnectionsAndDropsNone(String engine) {
    // Given
    var first = TestCertificate.create(folder);
    var second = TestCertificate.create(folder);
    SSLContext trust = TestCertificate.trusting(first, second);
    first.write(folder);
    try (var node = start(engine);
        var client = TestClient.open(node, trust)) {
      client.connect(node.token("alice"));
      client.subscribe("news");
      assertThat(serials(node, trust)).containsExactly(first.serial());

      // When
      second.write(folder);
      await().atMost(LIMIT).until(() -> serials(node, trust).equals(Set.of(second.serial())));

      // Then
      node.api("publish", "{\"channel\":\"news\",\"data\":\"still here\"}");
      assertThat(client.push().getJsonObject("pub").getString("data")).isEqualTo("still here");
      assertThat(client.isClosed()).isFalse();
      assertThat(errors()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void aPairThatDoesNotLoadLeavesTheOldOneInForce(String engine) throws IOException {
    // Given
    var first = TestCertificate.create(folder);
    SSLContext trust = TestCertificate.trusting(first);
    first.write(folder);
    try (var node = start(engine)) {

      // When
      Files.writeString(folder.resolve("node.key"), "no key at all");

      // Then
      await().atMost(LIMIT).until(() -> errors().size() == 1);
      assertThat(serials(node, trust)).containsExactly(first.serial());
    }
    assertThat(errors()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void aKeyOfAnotherCertificateLeavesTheOldPairInForce(String engine) throws IOException {
    // Given
    var first = TestCertificate.create(folder);
    var second = TestCertificate.create(folder);
    SSLContext trust = TestCertificate.trusting(first, second);
    first.write(folder);
    try (var node = start(engine)) {

      // When
      Files.writeString(folder.resolve("node.crt"), second.certificatePem());

      // Then
      await().atMost(LIMIT).until(() -> errors().size() == 1);
      assertThat(serials(node, trust)).containsExactly(first.serial());

      // When
      Files.writeString(folder.resolve("node.key"), second.privateKey());

      // Then
      await().atMost(LIMIT).until(() -> serials(node, trust).equals(Set.of(second.serial())));
    }
    assertThat(errors()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jdk", "boringssl"})
  void aNodeDoesNotStartWithAKeyOfAnotherCertificate(String engine) throws IOException {
    // Given
    TestCertificate.create(folder).write(folder);
    Files.writeString(folder.resolve("node.crt"), TestCertificate.create(folder).certificatePem());

    // When
    var start = assertThatThrownBy(() -> start(engine).close());

    // Then
    start.hasMessageContaining("tls.key_file is not the key of tls.certificate_file");
  }

  private TestNode start(String engine) {
    var settings = new ArrayList<>(TestCertificate.settings(folder, engine));
    settings.add("tls.reload_interval=100ms");
    return TestNode.start(settings.toArray(String[]::new));
  }

  private List<String> errors() {
    return List.copyOf(log.list).stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  /// What new connections are shown, of either event loop.
  private static Set<BigInteger> serials(TestNode node, SSLContext trust) {
    return IntStream.range(0, CONNECTIONS)
        .mapToObj(_ -> serial(node, trust))
        .collect(Collectors.toSet());
  }

  private static BigInteger serial(TestNode node, SSLContext trust) {
    try (var socket = (SSLSocket) trust.getSocketFactory().createSocket("127.0.0.1", node.port())) {
      socket.startHandshake();
      var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSerialNumber();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
