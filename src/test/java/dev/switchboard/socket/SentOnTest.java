package dev.switchboard.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.routing.Addresses;
import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// Those whom a node sends to other nodes although it serves.
class SentOnTest {
  private static final String REJECTED = "switchboard_connections_rejected_total";

  @Test
  void whoWasConnectedForLongHasToComeAgain() {
    try (var node = TestNode.start("client.age_max=4s", "heartbeat.interval=50ms");
        var old = TestClient.connect(node, "alice")) {
      // When
      int code = old.closed().code();

      // Then
      assertThat(code).isEqualTo(3011);
      await()
          .until(() -> node.metric("switchboard_sessions_moved_total{reason=\"rotation\"}") == 1);
      try (var young = TestClient.connect(node, "alice")) {
        assertThat(young.isClosed()).isFalse();
      }
    }
  }

  @Test
  void aNodeShortOfDescriptorsTakesNobody() {
    // Given
    long most = GatewayMetrics.descriptorsMax();
    try (var node = TestNode.start("node.descriptor_reserve=" + most, "node.connections_max=100")) {
      var reason = REJECTED + "{reason=\"descriptors\"}";

      // When
      await().until(() -> refused(node).startsWith("HTTP/1.1 503 ") && node.metric(reason) > 0);

      // Then
      assertThat(refused(node).toLowerCase(Locale.ROOT)).contains("retry-after: 5");
      assertThat(node.get("/ready").statusCode()).as("others may be no better").isEqualTo(200);
    }
  }

  private static String refused(TestNode node) {
    try (var client = RawClient.open(node.port())) {
      client.send(RawClient.handshake(node, ""));
      return client.head();
    }
  }

  @Test
  void aLoopThatIsLateTakesNobody() {
    try (var node = TestNode.start("node.event_loops=1", "node.loop_lag_max=500ms")) {
      // Given
      var local = new DeliveryOptions().setLocalOnly(true);
      for (int beat = 0; beat < 20; beat++) {
        long sentAt = System.nanoTime() - Duration.ofSeconds(10).toNanos();
        node.node().vertx().eventBus().send(Addresses.heartbeat(0), sentAt, local);
      }

      // When
      String answer = refused(node);

      // Then
      assertThat(answer).startsWith("HTTP/1.1 503 ");
      assertThat(node.metric(REJECTED + "{reason=\"loop_lag\"}")).isEqualTo(1);
      await().atMost(Duration.ofSeconds(30)).until(() -> refused(node).startsWith("HTTP/1.1 101 "));
    }
  }
}
