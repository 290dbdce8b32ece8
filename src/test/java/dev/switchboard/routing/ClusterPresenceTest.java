package dev.switchboard.routing;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.AllowLog;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestCluster;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Who is on a channel, as the nodes of a cluster see it.
class ClusterPresenceTest {
  private static final String[] SETTINGS = {
    "channel.without_namespace.join_leave=true",
  };

  private static JsonObject subscribe(TestClient client, String channel) {
    return client.call("subscribe", channel(channel).put("join_leave", true));
  }

  private static String heard(TestClient client) {
    JsonObject push = client.push();
    String what = push.containsKey("join") ? "join" : "leave";
    return what + " " + push.getJsonObject(what).getJsonObject("info").getString("user");
  }

  private static JsonObject api(TestNode node, String method, JsonObject request) {
    return new JsonObject(node.api(method, request.encode())).getJsonObject("result");
  }

  private static Set<String> users(JsonObject result) {
    Set<String> users = new TreeSet<>();
    result
        .getJsonObject("presence")
        .forEach(entry -> users.add(((JsonObject) entry.getValue()).getString("user")));
    return users;
  }

  private static JsonObject counts(int clients, int users) {
    return of("num_clients", clients).put("num_users", users);
  }

  @Test
  void whoComesAndGoesIsHeardOnAllNodesAndKnownEverywhere() {
    try (var cluster = TestCluster.of(3, SETTINGS);
        var alice = TestClient.connect(cluster.node(0), "alice");
        var bob = TestClient.connect(cluster.node(1), "bob");
        var again = TestClient.connect(cluster.node(1), "bob")) {
      // Given
      subscribe(alice, "room");
      assertThat(heard(alice)).isEqualTo("join alice");

      // When
      subscribe(bob, "room");
      again.subscribe("room");

      // Then
      assertThat(heard(bob)).isEqualTo("join bob");
      assertThat(heard(alice)).isEqualTo("join bob");
      assertThat(heard(alice)).isEqualTo("join bob");
      for (TestNode node : cluster.nodes()) {
        assertThat(users(api(node, "presence", channel("room")))).containsExactly("alice", "bob");
        assertThat(api(node, "presence_stats", channel("room"))).isEqualTo(counts(3, 2));
        JsonObject page = api(node, "presence", channel("room").put("limit", 2));
        JsonObject rest =
            api(
                node,
                "presence",
                channel("room").put("limit", 2).put("after", page.getString("next")));
        assertThat(page.getJsonObject("presence").size()).isEqualTo(2);
        assertThat(rest.getJsonObject("presence").size()).isOne();
      }

      // When
      bob.call("unsubscribe", channel("room"));
      again.abort();

      // Then
      assertThat(heard(alice)).isEqualTo("leave bob");
      assertThat(heard(alice)).isEqualTo("leave bob");
      for (TestNode node : cluster.nodes()) {
        await()
            .untilAsserted(
                () ->
                    assertThat(api(node, "presence_stats", channel("room")))
                        .isEqualTo(counts(1, 1)));
      }
    }
  }

  @Test
  @AllowLog(logger = "com.hazelcast", containing = "")
  @AllowLog(logger = "io.vertx", containing = "")
  void theMembersOfANodeThatDiesLeaveOnce() {
    try (var cluster = TestCluster.of(3, SETTINGS);
        var alice = TestClient.connect(cluster.node(0), "alice");
        var bob = TestClient.connect(cluster.node(1), "bob");
        var carol = TestClient.connect(cluster.node(2), "carol")) {
      // Given
      for (TestClient client : new TestClient[] {alice, bob, carol}) {
        subscribe(client, "room");
      }
      for (int joins = 0; joins < 3; joins++) {
        heard(alice);
      }

      // When
      cluster.kill(2);

      // Then
      assertThat(heard(alice)).isEqualTo("leave carol");
      for (TestNode node : cluster.nodes()) {
        await()
            .untilAsserted(
                () ->
                    assertThat(users(api(node, "presence", channel("room"))))
                        .containsExactly("alice", "bob"));
      }
      cluster.node(1).publish("room", "1");
      assertThat(alice.push().getJsonObject("pub")).isEqualTo(of("data", 1));
    }
  }

  @Test
  void whoComesToANodeThatHadNobodyFindsAllThatWereThere() {
    try (var cluster = TestCluster.of(2, SETTINGS);
        var alice = TestClient.connect(cluster.node(0), "alice");
        var bob = TestClient.connect(cluster.node(1), "bob")) {
      // Given
      for (int number = 0; number < 50; number++) {
        subscribe(alice, "room-" + number);
      }

      for (int number = 0; number < 50; number++) {
        // When
        bob.subscribe("room-" + number);

        // Then
        assertThat(users(bob.call("presence", channel("room-" + number)).getJsonObject("presence")))
            .containsExactly("alice", "bob");
      }
      bob.publish("room-0", 1);
      assertThat(bob.push().containsKey("pub")).as("nobody joined since").isTrue();
    }
  }
}
