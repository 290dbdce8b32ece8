package dev.switchboard.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.switchboard.testkit.LogCapture;
import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.TestNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The PROXY protocol (HAProxy's proxy-protocol.txt) in front of an upgrade.
class ProxyProtocolTest {
  private static final String TEXT = "PROXY TCP4 203.0.113.9 127.0.0.1 4711 8000\r\n";

  private static TestNode trusting(String proxies) {
    return TestNode.start("http.proxy_protocol=true", "http.trusted_proxies=" + proxies);
  }

  /// The line of the access log of a session that came after these bytes.
  private static String opened(TestNode node, byte[] header, String headers) {
    try (var log = LogCapture.start(Level.INFO);
        var client = RawClient.open(node.port())) {
      client.send(header);
      client.send(RawClient.handshake(node, headers));
      assertThat(client.head()).startsWith("HTTP/1.1 101 ");
      client.connected(node, "alice");
      await().until(() -> openings(log).size() == 1);
      return openings(log).getFirst();
    }
  }

  private static List<String> openings(LogCapture log) {
    return log.access().stream().filter(line -> line.contains("session opened")).toList();
  }

  private static byte[] binary() {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes("\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII));
    // Version 2, PROXY; TCP over IPv4; 12 bytes of addresses.
    bytes.writeBytes(new byte[] {0x21, 0x11, 0, 12});
    bytes.writeBytes(new byte[] {(byte) 203, 0, 113, 9, 127, 0, 0, 1, 0x12, 0x67, 0x1f, 0x40});
    return bytes.toByteArray();
  }

  @Test
  void aTrustedProxySaysWhoConnects() {
    try (var node = trusting("127.0.0.1")) {
      assertThat(opened(node, TEXT.getBytes(StandardCharsets.US_ASCII), ""))
          .contains("203.0.113.9");
      assertThat(opened(node, binary(), "")).contains("203.0.113.9");
    }
  }

  @Test
  void whatAnybodyElseSaysIsNotBelieved() {
    try (var node = trusting("10.0.0.1")) {
      assertThat(opened(node, TEXT.getBytes(StandardCharsets.US_ASCII), ""))
          .contains("127.0.0.1")
          .doesNotContain("203.0.113.9");
    }
  }

  @Test
  void whoeverDoesNotSpeakItIsNotServed() {
    try (var node = trusting("127.0.0.1");
        var client = RawClient.open(node.port())) {
      // When
      client.send(RawClient.handshake(node, "X-Forwarded-For: 198.51.100.7\r\n"));

      // Then
      assertThat(client.head()).isEmpty();
    }
  }

  @Test
  void aClientCannotSpeakForOthersThroughAProxy() {
    try (var node = trusting("127.0.0.1")) {
      String line =
          opened(
              node, TEXT.getBytes(StandardCharsets.US_ASCII), "X-Forwarded-For: 198.51.100.7\r\n");
      assertThat(line).contains("203.0.113.9").doesNotContain("198.51.100.7");
    }
  }

  @Test
  void nonsenseIsNoWayIn() {
    try (var node = trusting("127.0.0.1");
        var client = RawClient.open(node.port())) {
      // When
      client.send("PROXY TCP4 nonsense\r\n" + RawClient.handshake(node, ""));

      // Then
      assertThat(client.head()).doesNotStartWith("HTTP/1.1 101");
    }
  }
}
