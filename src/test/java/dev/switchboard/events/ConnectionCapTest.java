package dev.switchboard.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.AllowLog;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestCluster;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `user.connections_max` in a whole cluster.
class ConnectionCapTest {
  private static void tryConnect(TestClient client, TestNode node, String user) {
    client.send(
        new JsonObject()
            .put("id", 1)
            .put("connect", new JsonObject().put("token", node.token(user)))
            .encode());
  }

  @Test
  void oneTooManyIsRefusedOnWhateverNode() {
    try (var cluster = TestCluster.of(2, "events.enabled=true", "user.connections_max=2");
        var first = TestClient.open(cluster.node(0));
        var second = TestClient.open(cluster.node(1));
        var third = TestClient.open(cluster.node(1));
        var other = TestClient.open(cluster.node(1));
        var fourth = TestClient.open(cluster.node(0))) {
      // Given
      first.connectTo(cluster.node(0), "ann");
      second.connectTo(cluster.node(1), "ann");
      other.connectTo(cluster.node(1), "bob");

      // When
      tryConnect(third, cluster.node(1), "ann");

      // Then
      assertThat(third.closed().code()).isEqualTo(3504);
      assertThat(first.isClosed()).isFalse();
      assertThat(second.isClosed()).isFalse();

      // When
      first.abort();
      await()
          .untilAsserted(
              () ->
                  assertThat(cluster.node(0).api("users", "{\"users\":[\"ann\"]}"))
                      .contains("\"connections\":1"));

      // Then
      assertThat(fourth.connectTo(cluster.node(0), "ann")).isNotEmpty();
    }
  }

  @Test
  void theOldestGoesWhereThatIsWanted() {
    try (var cluster =
            TestCluster.of(
                2,
                "events.enabled=true",
                "user.connections_max=1",
                "user.connections_excess=close_oldest");
        var first = TestClient.open(cluster.node(0));
        var second = TestClient.open(cluster.node(1))) {
      // Given
      first.connectTo(cluster.node(0), "ann");

      // When
      second.connectTo(cluster.node(1), "ann");

      // Then
      assertThat(first.closed().code()).isEqualTo(3504);
      assertThat(second.isClosed()).isFalse();
    }
  }

  /// The roll still has the sessions of the dead node; nobody must be kept out by them.
  @Test
  @AllowLog(logger = "com.hazelcast", containing = "")
  @AllowLog(logger = "io.vertx", containing = "")
  void whoComesFromADeadNodeIsLetIn() {
    try (var cluster = TestCluster.of(3, "events.enabled=true", "user.connections_max=2")) {
      // Given
      List<TestClient> clients = new ArrayList<>();
      for (int number = 0; number < 2; number++) {
        var client = TestClient.open(cluster.node(2));
        clients.add(client);
        client.connectTo(cluster.node(2), "ann");
      }

      // When
      cluster.kill(2);
      for (int number = 0; number < 2; number++) {
        var client = TestClient.open(cluster.node(number));
        clients.add(client);
        client.connectTo(cluster.node(number), "ann");
      }

      // Then
      await()
          .untilAsserted(
              () ->
                  assertThat(cluster.node(0).api("users", "{\"users\":[\"ann\"]}"))
                      .contains("\"connections\":2"));
      assertThat(clients.subList(2, 4)).noneMatch(TestClient::isClosed);
      clients.subList(2, 4).forEach(TestClient::close);
      clients.subList(0, 2).forEach(TestClient::abort);
    }
  }
}
