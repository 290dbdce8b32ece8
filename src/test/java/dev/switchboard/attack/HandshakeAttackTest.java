package dev.switchboard.attack;

import static dev.switchboard.testkit.Siege.MIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.Siege;
import dev.switchboard.testkit.TestClient;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Attacks before there is a socket.
class HandshakeAttackTest {
  private static final byte[] BLANKS = " ".repeat(65_536).getBytes();

  @Nested
  class CrossSiteHijack {
    @Test
    void onlyPagesOfThisHostOrListedOnesGetASocket() {
      try (var siege = Siege.of("client.allowed_origins=https://good.example,http://other:81")) {
        // Given
        String own = "http://127.0.0.1:" + siege.node().port();
        List<String> good =
            List.of(
                own,
                "https://127.0.0.1:" + siege.node().port(),
                "https://good.example",
                "HTTPS://GOOD.EXAMPLE",
                "http://other:81");
        List<String> bad =
            List.of(
                "null",
                "",
                "file://",
                "http://127.0.0.1",
                "http://127.0.0.1:1",
                own + ".evil.example",
                own + "/",
                own + "@evil.example",
                "https://good.example.",
                "https://good.example.evil",
                "https://evil-good.example",
                "http://good.example",
                "https://good.example:444",
                "https://good.example:443",
                "https://good.example/x",
                "https://evil.example#good.example",
                "https://xn--god-sna.example",
                "https://g\u00f6od.example",
                "http://other",
                "http://other:8",
                "*",
                "%00",
                own + ", https://evil.example",
                "ws://127.0.0.1:" + siege.node().port());

        // Then
        assertThat(good).allMatch(origin -> status(siege, "Origin: " + origin) == 101);
        assertThat(bad).allMatch(origin -> status(siege, "Origin: " + origin) == 403);
        assertThat(status(siege, "X-Nothing: 1")).as("no origin, no browser").isEqualTo(101);
        assertThat(status(siege, "Origin: " + own + "\r\nOrigin: https://evil.example"))
            .isEqualTo(403);
        siege.assertUnharmed();
      }
    }

    private static int status(Siege siege, String header) {
      try (var client = RawClient.open(siege.node().port())) {
        client.send(RawClient.handshake(siege.node(), header + "\r\n"));
        return Integer.parseInt(client.head().substring(9, 12));
      }
    }
  }

  @Nested
  class SlowHandshake {
    @Test
    void halfOpenSocketsAreCutInTimeWhileOthersGetIn() {
      try (var siege = Siege.of("client.handshake_timeout=2s", "heartbeat.interval=50ms")) {
        // Given
        String request = RawClient.handshake(siege.node(), "");
        List<RawClient> slow =
            IntStream.range(0, 400).mapToObj(_ -> RawClient.open(siege.node().port())).toList();

        // When
        for (int at = 0; at < 20; at++) {
          String next = request.substring(at, at + 1);
          slow.forEach(client -> client.trySend(next.getBytes()));
          try (var client = TestClient.connect(siege.node(), "honest")) {
            assertThat(client.publish("a", at).containsKey("publish")).isTrue();
          }
        }

        // Then
        await()
            .atMost(Duration.ofSeconds(8))
            .until(() -> slow.stream().allMatch(RawClient::isEnded));
        assertThat(
                siege
                    .node()
                    .metric("switchboard_connections_rejected_total{reason=\"handshake_timeout\"}"))
            .isEqualTo(400);
        slow.forEach(RawClient::close);
        siege.assertUnharmed();
        siege.assertGrownLess(2 * MIB);
        siege.assertDescriptorsBack();
      }
    }

    @Test
    void socketsThatNeverConnectAreCutToo() {
      try (var siege = Siege.of("client.stale_timeout=1s", "heartbeat.interval=50ms")) {
        // When
        List<RawClient> silent =
            IntStream.range(0, 200).mapToObj(_ -> RawClient.upgrade(siege.node())).toList();

        // Then
        assertThat(silent).allMatch(client -> client.closeCode() == 3502);
        silent.forEach(RawClient::close);
        siege.assertUnharmed();
        siege.assertDescriptorsBack();
      }
    }

    @Test
    void strangersBeyondTheTotalAreTurnedAwayUntilOthersLeave() {
      try (var siege = Siege.of("node.unauthenticated_max=50")) {
        // Given
        List<RawClient> strangers =
            IntStream.range(0, 80).mapToObj(_ -> RawClient.open(siege.node().port())).toList();

        // When
        await().until(() -> strangers.stream().filter(RawClient::isEnded).count() == 30);
        strangers.forEach(RawClient::close);

        // Then
        await()
            .ignoreExceptions()
            .until(
                () -> {
                  try (var client = TestClient.connect(siege.node(), "honest")) {
                    return client.publish("a", 1).containsKey("publish");
                  }
                });
        assertThat(
                siege
                    .node()
                    .metric("switchboard_connections_rejected_total{reason=\"unauthenticated\"}"))
            .isGreaterThanOrEqualTo(30);
        siege.assertUnharmed();
      }
    }

    @Test
    void connectionsThatBreakAtOnceLeaveNothing() {
      for (String transport : new String[] {"nio", "epoll"}) {
        try (var siege = Siege.of("node.transport=" + transport)) {
          // When
          for (int n = 0; n < 500; n++) {
            RawClient.open(siege.node().port()).reset();
          }

          // Then
          await().until(() -> siege.node().metric("switchboard_unauthenticated") == 0);
          siege.assertUnharmed();
          siege.assertDescriptorsBack();
        }
      }
    }
  }

  @Nested
  class UpgradeWithBody {
    @Test
    void aHugeBodyIsRefusedUnread() {
      try (var siege = Siege.of()) {
        for (String header :
            List.of("Content-Length: 1073741824\r\n", "Transfer-Encoding: chunked\r\n")) {
          try (var client = RawClient.open(siege.node().port())) {
            // When
            client.send(RawClient.handshake(siege.node(), header));
            String head = client.head();
            boolean taken = true;
            for (int n = 0; taken && n < 1_024; n++) {
              client.trySend("10000\r\n".getBytes());
              taken = client.trySend(BLANKS);
            }

            // Then
            assertThat(head).startsWith("HTTP/1.1 400 ");
            assertThat(taken).as("64 MiB were taken").isFalse();
          }
        }
        siege.assertUnharmed();
        siege.assertGrownLess(2 * MIB);
      }
    }
  }

  @Nested
  class HeaderBomb {
    @Test
    void manyOrLongHeadersAreRefused() {
      try (var siege = Siege.of()) {
        // Given
        String many =
            String.join("", IntStream.range(0, 2_000).mapToObj(n -> "X-" + n + ": 1\r\n").toList());
        List<String> requests =
            List.of(
                RawClient.handshake(siege.node(), many),
                RawClient.handshake(siege.node(), "X: " + " ".repeat(65_536) + "\r\n"),
                RawClient.handshake(
                    siege.node(), "Sec-WebSocket-Extensions: " + "a;".repeat(8_192) + "\r\n"),
                "GET /" + "x".repeat(65_536) + " HTTP/1.1\r\n\r\n",
                "X".repeat(65_536));

        // When
        for (String request : requests) {
          try (var client = RawClient.open(siege.node().port())) {
            client.trySend(request.getBytes());

            // Then
            assertThat(client.head()).doesNotStartWith("HTTP/1.1 101");
          }
        }
        siege.assertUnharmed();
        siege.assertGrownLess(2 * MIB);
      }
    }

    @Test
    void headersThatTrippedOthersAreJustRead() {
      try (var siege = Siege.of()) {
        for (String header :
            List.of(
                "Sec-WebSocket-Extensions: constructor",
                "Sec-WebSocket-Extensions: " + "permessage-deflate;,".repeat(100),
                "Sec-WebSocket-Protocol: " + ",".repeat(4_000),
                "Sec-WebSocket-Protocol: __proto__",
                "Connection: " + ",".repeat(4_000),
                "X-Forwarded-For: " + "1.2.3.4, ".repeat(400))) {
          try (var client = RawClient.open(siege.node().port())) {
            // When
            client.send(RawClient.handshake(siege.node(), header + "\r\n"));

            // Then
            assertThat(client.head())
                .startsWith("HTTP/1.1 101 ")
                .doesNotContainIgnoringCase("sec-websocket-extensions");
          }
        }
        siege.assertUnharmed();
      }
    }

    @Test
    void requestLinesOutOfThisWorldLogNothing() {
      try (var siege = Siege.of()) {
        for (int port : new int[] {siege.node().port(), siege.node().node().internalPort()}) {
          for (String uri :
              List.of(
                  "*",
                  "",
                  "/%zz",
                  "/api/%ff",
                  "/api/publish?api_key=%zz",
                  "/console/%00",
                  "/console/..%2f..%2fetc/passwd",
                  "//",
                  "http://[",
                  "/?%",
                  "/\u00e4",
                  "/console/%5c..%5c",
                  "/metrics?x=%zz",
                  "?")) {
            for (String method : List.of("GET", "POST", "\u0001", "CONNECT")) {
              try (var client = RawClient.open(port)) {
                // When
                client.send(
                    method
                        + " "
                        + uri
                        + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n"
                        + "Connection: close\r\n\r\n");

                // Then
                assertThat(client.head()).doesNotContain(" 500 ");
              }
            }
          }
        }
        siege.assertUnharmed();
      }
    }
  }
}
