package dev.switchboard.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.AllowLog;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestCluster;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleStatsTest {
  private static JsonObject stats(TestNode node) {
    return new JsonObject(node.get("/console/stats").body());
  }

  private static List<JsonObject> rows(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  private static List<JsonObject> links(TestNode node) {
    return rows(stats(node).getJsonArray("links"));
  }

  private static boolean inStep(JsonObject link) {
    return link.getBoolean("open")
        && link.getBoolean("lease_held")
        && link.getBoolean("lease_granted");
  }

  // Of two nodes that stop, one may tick to the other while its own bus closes.
  @AllowLog(
      logger = "io.vertx.core.eventbus.impl.clustered.ClusteredEventBus",
      containing = "Connecting to server")
  @Test
  void aNodeShowsAllNodesAndItsLinks() {
    // Given
    try (var cluster = TestCluster.of(3);
        var client = TestClient.connect(cluster.node(2), "alice")) {
      client.subscribe("news");
      await().until(() -> links(cluster.node(0)).stream().allMatch(ConsoleStatsTest::inStep));

      // When
      var shown = stats(cluster.node(0));

      // Then
      var nodes = rows(shown.getJsonArray("nodes"));
      assertThat(nodes)
          .extracting(node -> node.getString("name"))
          .containsExactlyInAnyOrder("node-0", "node-1", "node-2");
      assertThat(nodes)
          .filteredOn(node -> node.getString("name").equals("node-2"))
          .extracting(node -> node.getInteger("subscriptions"))
          .containsExactly(1);
      assertThat(rows(shown.getJsonArray("links")))
          .extracting(link -> link.getString("uid"))
          .containsExactlyInAnyOrderElementsOf(
              nodes.stream()
                  .map(node -> node.getString("uid"))
                  .filter(uid -> !uid.equals(shown.getString("uid")))
                  .toList());
      assertThat(rows(shown.getJsonArray("links")))
          .extracting(link -> link.getInteger("interest"))
          .containsExactlyInAnyOrder(0, 2);
    }
  }

  @Test
  void aNodeAloneHasNoLinks() {
    // Given
    try (var node = TestNode.start()) {

      // When
      var shown = stats(node);

      // Then
      assertThat(shown.containsKey("links")).isFalse();
      assertThat(rows(shown.getJsonArray("nodes")))
          .extracting(one -> one.getString("uid"))
          .containsExactly(shown.getString("uid"));
    }
  }
}
