package dev.switchboard.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.cluster.NodeState;
import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A node that is asked to stop.
class LeavingTest {
  private static final String[] BUSY = {
    "heartbeat.interval=20ms", "client.close_grace=300ms", "node.event_loops=1"
  };

  private static TestNode start(String period) {
    List<String> all = new ArrayList<>(List.of(BUSY));
    all.add("node.drain_period=" + period);
    return TestNode.start(all.toArray(String[]::new));
  }

  private static List<TestClient> clients(TestNode node, int count) {
    return IntStream.range(0, count).mapToObj(n -> TestClient.connect(node, "user" + n)).toList();
  }

  private static long closed(List<TestClient> clients) {
    return clients.stream().filter(TestClient::isClosed).count();
  }

  @Test
  void sessionsGoOneAfterTheOtherAndThoseWhoStayAreServed() {
    // Given
    var node = start("3s");
    var clients = clients(node, 20);
    clients.forEach(client -> client.subscribe("news"));

    // When
    var stopped = node.node().stop();

    // Then
    await().until(() -> closed(clients) > 0);
    assertThat(closed(clients)).isLessThan(10);
    var last = clients.stream().filter(client -> !client.isClosed()).findAny().orElseThrow();
    assertThat(last.call("rpc", new JsonObject())).isNotEmpty();
    ClaimedNode.done(stopped);
    assertThat(clients).allSatisfy(one -> assertThat(one.closed().code()).isEqualTo(3001));
  }

  @Test
  void nobodyNewIsTakenMeanwhile() {
    // Given
    var node = start("2s");
    var clients = clients(node, 10);
    try (var handshake = TestClient.open(node);
        var late = RawClient.open(node.port())) {
      await().until(() -> node.metric("switchboard_connections_opened_total") == 11);

      // When
      var stopped = node.node().stop();

      // Then
      assertThat(handshake.closed().code()).isEqualTo(3001);
      assertThat(node.get("/ready").statusCode()).isEqualTo(503);
      late.send(RawClient.handshake(node, ""));
      assertThat(late.head()).startsWith("HTTP/1.1 503 ");
      assertThat(closed(clients)).isLessThan(10);
      ClaimedNode.done(stopped);
    }
  }

  @Test
  void aNodeWithoutSessionsDoesNotWaitForThePeriod() {
    // Given
    var node = start("10m");

    // When
    var stopped = node.node().stop();

    // Then
    ClaimedNode.done(stopped);
  }

  @Test
  void anOperatorMayAskForIt() {
    // Given
    var node = start("1s");
    var clients = clients(node, 10);

    // When
    var answer = new JsonObject(node.api("drain", "{}")).getJsonObject("result");
    var again = new JsonObject(node.api("drain", "{}")).getJsonObject("result");

    // Then
    assertThat(answer.getString("state")).isEqualTo("draining");
    assertThat(again.getString("state")).isEqualTo("draining");
    assertThat(node.get("/ready").statusCode()).isEqualTo(503);
    assertThat(clients).allSatisfy(one -> assertThat(one.closed().code()).isEqualTo(3001));
    await().until(() -> node.node().health().state() == NodeState.STOPPED);
  }

  @Test
  void whoGoesIsCountedOnce() {
    // Given
    var node = start("2s");
    var clients = clients(node, 10);

    // When
    var stopped = node.node().stop();

    // Then
    await().until(() -> closed(clients) > 5);
    double moved = node.metric("switchboard_sessions_moved_total{reason=\"drain\"}");
    assertThat(moved).isBetween(5.0, 10.0);
    assertThat(node.metric("switchboard_node_state{state=\"draining\"}")).isEqualTo(1);
    assertThat(node.metric("switchboard_node_state{state=\"serving\"}")).isZero();
    ClaimedNode.done(stopped);
  }

  @Test
  void withoutAPeriodAllAreClosedAtOnce() {
    // Given
    var node = start("0s");
    var clients = clients(node, 5);

    // When
    node.close();

    // Then
    assertThat(clients).allSatisfy(one -> assertThat(one.closed().code()).isEqualTo(3001));
  }

  @Test
  void aReaderThatNeverAnswersHoldsTheNodeForTheGraceOnly() {
    // Given
    var node = start("100ms");
    try (var silent = RawClient.connect(node, "alice")) {
      long before = System.nanoTime();

      // When
      ClaimedNode.done(node.node().stop());

      // Then
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
      assertThat(silent.closeCode()).isEqualTo(3001);
    }
  }
}
