package dev.switchboard.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestCluster;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Any node reaches any session and any subscriber; two nodes, real sockets.
class ClusterRoutingTest {
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.of(2);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void aPublicationReachesASubscriberOnAnotherNode() {
    // Given
    try (var client = TestClient.connect(cluster.node(0), "alice")) {
      client.subscribe("news");

      // When
      cluster.node(1).publish("news", "{\"n\":1}");

      // Then
      assertThat(data(client.push(), "news")).isEqualTo(new JsonObject().put("n", 1));
    }
  }

  @Test
  void publicationsOfOnePublisherKeepTheirOrder() {
    // Given
    try (var subscriber = TestClient.connect(cluster.node(0), "alice");
        var publisher = TestClient.connect(cluster.node(1), "bob")) {
      subscriber.subscribe("order");

      // When
      IntStream.range(0, 100).forEach(number -> publisher.publish("order", number));

      // Then
      for (int number = 0; number < 100; number++) {
        assertThat(subscriber.push().getJsonObject("pub").getInteger("data")).isEqualTo(number);
      }
    }
  }

  @Test
  void aMessageReachesAClientByItsIdFromAnyNode() {
    // Given
    try (var client = TestClient.open(cluster.node(0))) {
      String id =
          client
              .connect(cluster.node(0).token("carol"))
              .getJsonObject("connect")
              .getString("client");

      // When
      var result = tell(1, new JsonObject().put("client", id).put("data", "hello"));

      // Then
      assertThat(deliveries(result)).containsExactly(id + " written");
      assertThat(client.push().getJsonObject("message").getString("data")).isEqualTo("hello");
    }
  }

  @Test
  void aMessageReachesAllSessionsOfAUserOnAllNodes() {
    // Given
    try (var first = TestClient.connect(cluster.node(0), "dave");
        var second = TestClient.connect(cluster.node(1), "dave")) {

      // When
      var result = tell(1, new JsonObject().put("user", "dave").put("data", 1));

      // Then
      assertThat(deliveries(result)).hasSize(2).allMatch(one -> one.endsWith(" written"));
      assertThat(first.push().getJsonObject("message").getInteger("data")).isEqualTo(1);
      assertThat(second.push().getJsonObject("message").getInteger("data")).isEqualTo(1);
    }
  }

  @Test
  void whoIsNotThereIsNamed() {
    // When
    var nobody = tell(0, new JsonObject().put("user", "nobody").put("data", 1));
    var stranger = tell(0, new JsonObject().put("client", "A".repeat(28)).put("data", 1));

    // Then
    assertThat(deliveries(nobody)).containsExactly("nobody offline");
    assertThat(deliveries(stranger)).containsExactly("A".repeat(28) + " unknown");
  }

  @Test
  void presenceAndChannelsAreOfAllNodes() {
    // Given
    try (var first = TestClient.connect(cluster.node(0), "erin");
        var second = TestClient.connect(cluster.node(1), "frank")) {
      first.subscribe("lobby");
      second.subscribe("lobby");

      for (int node = 0; node < 2; node++) {
        // When
        var presence = api(node, "presence", new JsonObject().put("channel", "lobby"));
        var stats = api(node, "presence_stats", new JsonObject().put("channel", "lobby"));
        var channels = api(node, "channels", new JsonObject().put("pattern", "lob*"));
        var asked = first.call("presence", new JsonObject().put("channel", "lobby"));

        // Then
        assertThat(users(presence)).containsExactlyInAnyOrder("erin", "frank");
        assertThat(users(asked.getJsonObject("presence")))
            .containsExactlyInAnyOrder("erin", "frank");
        assertThat(stats).isEqualTo(new JsonObject().put("num_clients", 2).put("num_users", 2));
        assertThat(channels.getJsonObject("channels"))
            .isEqualTo(new JsonObject().put("lobby", new JsonObject().put("num_clients", 2)));
      }
    }
  }

  @Test
  void infoListsAllNodes() {
    // When
    JsonArray nodes = api(0, "info", new JsonObject()).getJsonArray("nodes");

    // Then
    assertThat(nodes.stream().map(JsonObject.class::cast).map(node -> node.getString("name")))
        .containsExactlyInAnyOrder("node-0", "node-1");
  }

  private static JsonObject tell(int node, JsonObject request) {
    return api(node, "send", request);
  }

  private static JsonObject api(int node, String method, JsonObject request) {
    return new JsonObject(cluster.node(node).api(method, request.encode())).getJsonObject("result");
  }

  private static Set<String> deliveries(JsonObject result) {
    return result.getJsonArray("deliveries").stream()
        .map(JsonObject.class::cast)
        .map(one -> one.getString("client") + " " + one.getString("outcome"))
        .collect(Collectors.toSet());
  }

  private static Set<String> users(JsonObject result) {
    return result.getJsonObject("presence").stream()
        .map(entry -> ((JsonObject) entry.getValue()).getString("user"))
        .collect(Collectors.toSet());
  }

  private static Object data(JsonObject push, String channel) {
    assertThat(push.getString("channel")).isEqualTo(channel);
    return push.getJsonObject("pub").getValue("data");
  }
}
