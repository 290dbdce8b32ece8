package dev.switchboard.heartbeat;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PingTest {
  private static final JsonObject PING = new JsonObject();

  private final TestNode node =
      TestNode.start(
          "heartbeat.interval=20ms",
          "client.ping_interval=2s",
          "client.pong_timeout=500ms",
          "client.stale_timeout=1s");

  @AfterAll
  void stop() {
    node.close();
  }

  @Test
  void theFirstPingComesAfterHalfAnIntervalAndBeforeAWholeOne() {
    // Given
    List<TestClient> clients = IntStream.range(0, 40).mapToObj(n -> TestClient.open(node)).toList();
    long[] connectedAt = new long[clients.size()];
    for (int n = 0; n < connectedAt.length; n++) {
      clients.get(n).connect(node.token("alice"));
      connectedAt[n] = System.nanoTime();
    }

    // When
    LongSummaryStatistics millis =
        IntStream.range(0, connectedAt.length)
            .parallel()
            .mapToLong(
                n -> {
                  assertThat(clients.get(n).next()).isEqualTo(PING);
                  return (clients.get(n).lastReceivedAt() - connectedAt[n]) / 1_000_000;
                })
            .summaryStatistics();

    // Then: the sweep sees each session once a second, so a ping may be that late
    assertThat(millis.getMin()).isGreaterThanOrEqualTo(950);
    assertThat(millis.getMax()).isLessThan(3_500);
    assertThat(millis.getMax() - millis.getMin()).isGreaterThan(400);
    clients.forEach(TestClient::close);
  }

  @Test
  void whoAnswersEveryPingStaysWhateverElseItDoes() {
    try (var client = TestClient.connect(node, "alice")) {
      // When
      for (int ping = 0; ping < 2; ping++) {
        assertThat(client.next()).isEqualTo(PING);
        client.send("{}");
        client.call("presence", channel("a"));
      }

      // Then
      assertThat(client.isClosed()).isFalse();
    }
  }

  @Test
  void onlyAPongCountsAsAnAnswer() {
    try (var client = TestClient.connect(node, "alice")) {
      // Given
      assertThat(client.next()).isEqualTo(PING);
      long pingedAt = System.nanoTime();

      // When
      assertThat(error(client.call("presence", channel("a")))).isZero();

      // Then
      assertThat(client.closed()).isEqualTo(new TestClient.Close(3012, "no pong"));
      assertThat(Duration.ofNanos(System.nanoTime() - pingedAt))
          .isBetween(Duration.ofMillis(450), Duration.ofMillis(3_000));
    }
  }

  @Test
  void aPongNobodyAskedForIsABreach() {
    try (var early = TestClient.connect(node, "alice");
        var twice = TestClient.connect(node, "alice")) {
      // When
      early.send("{}");
      twice.next();
      twice.send("{}");
      twice.send("{}");

      // Then
      assertThat(early.closed().code()).isEqualTo(3501);
      assertThat(twice.closed().code()).isEqualTo(3501);
    }
  }

  @Test
  void whoNeverConnectsIsStale() {
    try (var silent = TestClient.open(node);
        var refused = TestClient.open(node)) {
      // Given
      long openedAt = System.nanoTime();
      var notYet = new JsonObject().put("nbf", System.currentTimeMillis() / 1_000 + 60);

      // When
      refused.connect(node.signer().sign("alice", Duration.ofHours(1), notYet));

      // Then
      assertThat(silent.closed()).isEqualTo(new TestClient.Close(3502, "stale"));
      assertThat(refused.closed().code()).isEqualTo(3502);
      assertThat(Duration.ofNanos(System.nanoTime() - openedAt))
          .isBetween(Duration.ofMillis(900), Duration.ofMillis(3_000));
    }
  }
}
