package dev.switchboard.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.AllowLog;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestCluster;
import dev.switchboard.testkit.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Lifecycle events of a cluster whose nodes come and go.
class ClusterEventsTest {
  private static final String[] SETTINGS = {
    "events.enabled=true", "channel.without_namespace.lifecycle_events=true"
  };
  private static final Duration SOON = Duration.ofSeconds(30);

  @Test
  @AllowLog(logger = "com.hazelcast", containing = "")
  @AllowLog(logger = "io.vertx", containing = "")
  void sessionsOfANodeThatDiesEndOnce() {
    try (var cluster = TestCluster.of(3, SETTINGS)) {
      // Given
      var reader = new EventReader(() -> cluster.node(0));
      List<TestClient> clients = new ArrayList<>();
      List<String> ids = new ArrayList<>();
      for (int number = 0; number < 30; number++) {
        TestNode node = cluster.node(number % 3);
        var client = TestClient.open(node);
        clients.add(client);
        ids.add(client.connectTo(node, "user-" + number));
        client.subscribe("room-" + number % 3);
        client.subscribe("hall");
      }
      // A subscribe does not wait for its event: a node that dies now takes the last ones along.
      ids.forEach(
          id -> await().atMost(SOON).until(() -> reader.of(id).contains("subscribed hall")));

      // When
      cluster.kill(2);

      // Then
      for (int number = 0; number < 30; number++) {
        String room = "room-" + number % 3;
        List<String> expected =
            new ArrayList<>(List.of("connected", "subscribed " + room, "subscribed hall"));
        if (number % 3 == 2) {
          expected.addAll(
              List.of("unsubscribed " + room, "unsubscribed hall", "disconnected 1006"));
        }
        String id = ids.get(number);
        await()
            .atMost(SOON)
            .untilAsserted(() -> assertThat(reader.of(id)).containsExactlyElementsOf(expected));
      }
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> assertThat(reader.of("room-2")).containsExactly("occupied", "vacated"));
      assertThat(reader.of("hall")).containsExactly("occupied");
      assertThat(reader.missed()).isZero();
      clients.forEach(TestClient::abort);
    }
  }

  @Test
  void aNodeThatLeavesSaysGoodbyeForItsSessions() {
    try (var cluster = TestCluster.of(2, SETTINGS);
        var client = TestClient.open(cluster.node(1))) {
      // Given
      var reader = new EventReader(() -> cluster.node(0));
      String id = client.connectTo(cluster.node(1), "ann");
      client.subscribe("room");

      // When
      cluster.stop(1);

      // Then
      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(reader.of(id))
                      .containsExactly(
                          "connected",
                          "subscribed room",
                          "unsubscribed room",
                          "disconnected 3001"));
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> assertThat(reader.of("room")).containsExactly("occupied", "vacated"));
    }
  }
}
