package dev.switchboard.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchboard.config.StartException;
import dev.switchboard.routing.Consumers;
import dev.switchboard.testkit.AllowLog;
import dev.switchboard.testkit.Ports;
import dev.switchboard.testkit.TestAuthority;
import dev.switchboard.testkit.TestCluster;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes whose certificates name other hosts than theirs, and people who try to talk to one.
class BusTlsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String ADDRESS = "test.who";
  private static final int BUS_PORT = Ports.free();

  @TempDir private static Path folder;
  private static TestAuthority authority;
  private static TestAuthority otherAuthority;
  private static TestCluster cluster;
  private static final AtomicInteger HEARD = new AtomicInteger();

  @BeforeAll
  static void startTwoNodes() {
    authority = TestAuthority.create(folder);
    otherAuthority = TestAuthority.create(folder);
    cluster = TestCluster.ofNone(3);
    var first = new ArrayList<>(authority.issue("first.example"));
    first.add("cluster.bus_port=" + BUS_PORT);
    cluster.start(0, first.toArray(String[]::new));
    cluster.start(1, authority.issue("second.example").toArray(String[]::new));
    cluster.awaitWhole();
    Consumers.register(
            vertx(0),
            ADDRESS,
            message -> {
              HEARD.incrementAndGet();
              message.reply("first");
            })
        .await();
  }

  @AfterAll
  static void stopThem() {
    cluster.close();
  }

  @Test
  void nodesTalkWhateverTheirCertificatesName() {
    // When
    Object answer = vertx(1).eventBus().request(ADDRESS, "?").await().body();

    // Then
    assertThat(answer).isEqualTo("first");
  }

  @Test
  void whoHasACertificateGetsThrough() throws IOException {
    // Given
    int before = HEARD.get();
    SSLContext friend = authority.context(authority);

    // When
    try (Socket socket = friend.getSocketFactory().createSocket("127.0.0.1", BUS_PORT)) {
      socket.getOutputStream().write(frame());
      socket.getOutputStream().flush();

      // Then
      await().atMost(PATIENCE).until(() -> HEARD.get() == before + 1);
    }
  }

  @Test
  void aStrangerWithoutTlsIsCutOff() throws IOException {
    // When
    try (var socket = new Socket("127.0.0.1", BUS_PORT)) {
      assertThatItIsCutOff(socket);
    }
  }

  @Test
  void aStrangerWithACertificateOfAnotherAuthorityIsCutOff() throws IOException {
    // Given
    SSLContext stranger = otherAuthority.context(authority);

    // When
    try (Socket socket = stranger.getSocketFactory().createSocket("127.0.0.1", BUS_PORT)) {
      assertThatItIsCutOff(socket);
    }
  }

  // It gets into Hazelcast, which asks for the name only; nobody speaks with it on the bus.
  @Test
  @AllowLog(logger = "io.vertx")
  void aNodeOfAnotherAuthorityDoesNotStart() {
    // Given
    String[] strange = otherAuthority.issue("first.example").toArray(String[]::new);

    // When
    var start = assertThatThrownBy(() -> cluster.start(2, strange));

    // Then
    start
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith("cluster.key or cluster.tls.*")
        .hasMessageContaining("keeps this node from speaking with");
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefusedAtTheStart() {
    // Given
    var settings = new ArrayList<>(authority.issue("third.example"));
    settings.set(2, otherAuthority.issue("unused").get(2));

    // When
    var start =
        assertThatThrownBy(() -> TestCluster.ofNone(1).start(0, settings.toArray(String[]::new)));

    // Then
    start
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith("cluster.tls.certificate_file names " + authority.folder())
        .hasMessageContaining("which other nodes would refuse");
  }

  @Test
  void aMissingFileIsNamed() {
    // Given
    List<String> settings = new ArrayList<>(authority.issue("fourth.example"));
    settings.set(1, "cluster.tls.key_file=/no/such/file");

    // When
    var start =
        assertThatThrownBy(() -> TestCluster.ofNone(1).start(0, settings.toArray(String[]::new)));

    // Then
    start.hasMessage("cluster.tls.key_file names /no/such/file, which does not exist");
  }

  private static void assertThatItIsCutOff(Socket socket) {
    int before = HEARD.get();
    int end;
    try {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(frame());
      socket.getOutputStream().flush();
      end = socket.getInputStream().readAllBytes().length;
    } catch (SocketTimeoutException open) {
      throw new AssertionError("the connection stays open", open);
    } catch (IOException refused) {
      end = 0;
    }
    // Plain text is answered with a TLS alert of 7 bytes at most.
    assertThat(end).isLessThanOrEqualTo(7);
    assertThat(HEARD.get()).isEqualTo(before);
  }

  /// A message to [#ADDRESS] as Vert.x writes it: no body, no headers, nobody to reply to.
  private static byte[] frame() {
    Buffer message = Buffer.buffer().appendByte((byte) 2).appendByte((byte) 0).appendByte((byte) 0);
    text(message, ADDRESS).appendInt(0);
    text(message, "stranger").appendInt(4);
    return Buffer.buffer().appendInt(message.length()).appendBuffer(message).getBytes();
  }

  private static Buffer text(Buffer to, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return to.appendInt(bytes.length).appendBytes(bytes);
  }

  private static Vertx vertx(int node) {
    return cluster.node(node).node().vertx();
  }
}
