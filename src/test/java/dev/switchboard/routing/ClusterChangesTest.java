package dev.switchboard.routing;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.TestAuthority;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestCluster;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes that come and go, and links that are not as usual; a cluster for each test.
class ClusterChangesTest {
  private static final int CHANNELS = 1_000;
  private static final int BATCH = 100;

  @Test
  void aNodeThatIsReadyKnowsEveryChannelThatWasThereBefore() {
    String[] limits = {"client.channels_max=" + CHANNELS, "client.commands_per_second=1000000"};
    try (var cluster = TestCluster.ofNone(2, limits)) {
      TestNode first = cluster.start(0);
      try (var client = TestClient.connect(first, "alice")) {
        // Given
        Set<String> names =
            IntStream.range(0, CHANNELS).mapToObj(n -> "old-" + n).collect(Collectors.toSet());
        names.forEach(name -> assertThat(error(client.subscribe(name))).isZero());

        // When
        TestNode second = cluster.start(1);
        IntStream.range(0, CHANNELS / BATCH).forEach(part -> broadcast(second, part));

        // Then
        Set<String> heard = new HashSet<>();
        for (int push = 0; push < CHANNELS; push++) {
          heard.add(client.push().getString("channel"));
        }
        assertThat(heard).isEqualTo(names);
      }
    }
  }

  private static void broadcast(TestNode node, int part) {
    var names = new JsonArray();
    IntStream.range(part * BATCH, (part + 1) * BATCH).forEach(n -> names.add("old-" + n));
    var result = api(node, "broadcast", of("channels", names).put("data", 1));
    assertThat(result.getJsonObject("result").getJsonArray("responses"))
        .hasSize(BATCH)
        .containsOnly(of("result", new JsonObject()));
  }

  @Test
  void aNodeThatLeavesInOrderIsGoneWithItsSessions() throws InterruptedException {
    try (var cluster = TestCluster.of(2, "node.drain_period=0s")) {
      TestNode stays = cluster.node(0);
      TestNode leaves = cluster.node(1);
      try (var client = TestClient.open(leaves)) {
        // Given
        String id = client.connectTo(leaves, "alice");
        client.subscribe("room");
        assertThat(clients(stays, "room")).isEqualTo(1);

        // When
        var leaving = Thread.ofVirtual().start(() -> cluster.stop(1));
        while (leaving.isAlive()) {
          // Then
          JsonObject delivery = send(stays, id);
          assertThat(delivery.getString("reason")).isNotEqualTo("no_answer");
          assertThat(api(stays, "publish", channel("room").put("data", 1)))
              .isEqualTo(of("result", new JsonObject()));
        }
        leaving.join();

        // Then
        assertThat(client.closed().code()).isEqualTo(3001);
        assertThat(send(stays, id)).isEqualTo(of("client", id).put("outcome", "unknown"));
        assertThat(clients(stays, "room")).isZero();
        assertThat(nodes(stays)).containsExactly("node-0");
        assertThat(stays.get("/debug/routes").body()).doesNotContain("\"lease\":true");
      }
    }
  }

  @Test
  void whatALinkHasNoRoomForIsBusyAndReachesNobody() {
    try (var cluster = TestCluster.of(2, "link.window_bytes=64KiB");
        var far = TestClient.connect(cluster.node(0), "alice");
        var near = TestClient.connect(cluster.node(1), "bob")) {
      // Given
      far.subscribe("news");
      near.subscribe("news");
      JsonObject large = channel("news").put("data", "x".repeat(40_000));

      // When
      JsonObject refused = api(cluster.node(1), "publish", large);
      JsonObject refusedToo = near.publish("news", "x".repeat(40_000));
      JsonObject taken = api(cluster.node(1), "publish", channel("news").put("data", "small"));

      // Then
      assertThat(error(refused)).isEqualTo(111);
      assertThat(error(refusedToo)).isEqualTo(111);
      assertThat(error(taken)).isZero();
      assertThat(far.push().getJsonObject("pub")).isEqualTo(of("data", "small"));
      assertThat(near.push().getJsonObject("pub")).isEqualTo(of("data", "small"));

      // When
      far.call("unsubscribe", channel("news"));

      // Then
      assertThat(error(api(cluster.node(0), "publish", large))).isEqualTo(111);
      assertThat(near.isQuiet()).isTrue();
    }
  }

  @Test
  void nodesWithMutualTlsReachEachOthersSessions(@TempDir Path folder) {
    var authority = TestAuthority.create(folder);
    try (var cluster = TestCluster.ofNone(2)) {
      // Given
      for (int node = 0; node < 2; node++) {
        var settings = authority.issue("node" + node + ".example");
        cluster.start(node, settings.toArray(String[]::new));
      }
      cluster.awaitWhole();
      for (int node = 0; node < 2; node++) {
        try (var client = TestClient.connect(cluster.node(node), "alice")) {
          client.subscribe("news");
          TestNode other = cluster.node(1 - node);

          // When
          other.publish("news", "1");
          api(other, "send", of("user", "alice").put("data", 2));

          // Then
          assertThat(client.push().getJsonObject("pub")).isEqualTo(of("data", 1));
          assertThat(client.push()).isEqualTo(of("message", of("data", 2)));
        }
      }
    }
  }

  private static JsonObject send(TestNode node, String client) {
    return api(node, "send", of("client", client).put("data", 1))
        .getJsonObject("result")
        .getJsonArray("deliveries")
        .getJsonObject(0);
  }

  private static int clients(TestNode node, String channel) {
    return api(node, "presence_stats", channel(channel))
        .getJsonObject("result")
        .getInteger("num_clients");
  }

  private static Set<String> nodes(TestNode node) {
    return api(node, "info", new JsonObject())
        .getJsonObject("result")
        .getJsonArray("nodes")
        .stream()
        .map(JsonObject.class::cast)
        .map(one -> one.getString("name"))
        .collect(Collectors.toSet());
  }

  private static JsonObject api(TestNode node, String method, JsonObject request) {
    return new JsonObject(node.api(method, request.encode()));
  }
}
