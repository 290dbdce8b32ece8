package dev.switchboard.routing;

import static dev.switchboard.testkit.Shorthand.channel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestCluster;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Wildcards over two nodes: interest in one is interest in a name like any other.
class ClusterWildcardTest {
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster =
        TestCluster.of(
            2,
            Stream.concat(
                    Stream.of("link.window_bytes=64KiB"),
                    Stream.of("chat", "kept").flatMap(ClusterWildcardTest::options))
                .toArray(String[]::new));
  }

  private static Stream<String> options(String name) {
    boolean kept = name.equals("kept");
    return Stream.of(
            "allow_wildcard_subscriptions=true",
            "allow_subscribe_for_client=true",
            "allow_publish_for_client=true",
            "allow_tags_filter=true",
            "history_size=" + (kept ? 10 : 0),
            "history_ttl=" + (kept ? "1m" : "0s"))
        .map(set -> "channel.namespaces." + name + "." + set);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @ParameterizedTest
  @CsvSource({"JSON, chat", "JSON, kept", "PROTOBUF, chat", "PROTOBUF, kept"})
  void everyNodeServesEachOfItsSubscriptionsOnce(Encoding encoding, String name) {
    // Given
    String published = name + ":" + encoding + ".room.one";
    String wide = name + ":" + encoding + ".*";
    String narrow = name + ":" + encoding + ".room.*";
    try (var far = TestClient.connect(cluster.node(0), "alice", encoding);
        var near = TestClient.connect(cluster.node(1), "bob", encoding)) {
      far.subscribe(wide);
      far.subscribe(narrow);
      near.subscribe(wide);

      for (int number = 1; number <= 20; number++) {
        // When
        var tags = new JsonObject().put("k", "v");
        cluster
            .node(1)
            .api("publish", channel(published).put("data", number).put("tags", tags).encode());

        // Then
        assertThat(Stream.of(far.push(), far.push()).map(push -> heard(push, published)))
            .containsExactlyInAnyOrder(wide + " " + number, narrow + " " + number);
        assertThat(heard(near.push(), published)).isEqualTo(wide + " " + number);
      }
      far.call("unsubscribe", channel("nothing"));
      assertThat(far.isQuiet() && near.isQuiet()).isTrue();
    }
  }

  private static String heard(JsonObject push, String published) {
    JsonObject publication = push.getJsonObject("pub");
    assertThat(publication.getString("channel")).isEqualTo(published);
    assertThat(publication.containsKey("offset")).isFalse();
    assertThat(publication.getJsonObject("tags").getString("k")).isEqualTo("v");
    return push.getString("channel") + " " + publication.getInteger("data");
  }

  @Test
  void interestGoesWithTheLastSubscription() {
    // Given: nobody of an earlier test is there any more.
    await().until(() -> interest() == 0);
    try (var client = TestClient.connect(cluster.node(0), "carol")) {
      await().until(() -> interest() > 0);
      double before = interest();

      // When
      client.subscribe("chat:gone.*");
      client.subscribe("chat:gone.room");

      // Then
      await().until(() -> interest() == before + 2);
      client.call("unsubscribe", channel("chat:gone.*"));
      client.call("unsubscribe", channel("chat:gone.room"));
      await().until(() -> interest() == before);
      await().until(() -> routes(0).equals(routes(1)));
    }
  }

  @Test
  void whatIsTooMuchForOneOfThemReachesNobody() {
    // Given
    try (var client = TestClient.connect(cluster.node(0), "dave")) {
      client.subscribe("chat:large.one.two");
      client.subscribe("chat:large.one.*");
      client.subscribe("chat:large.*");
      client.subscribe("chat:alone");
      String data = "x".repeat(30_000);
      String large = channel("chat:large.one.two").put("data", data).encode();

      for (int tries = 0; tries < 5; tries++) {
        // When
        String answer = cluster.node(1).api("publish", large);

        // Then
        assertThat(answer).contains("\"code\":111");
      }
      String alone = channel("chat:alone").put("data", data).encode();
      assertThat(cluster.node(1).api("publish", alone)).isEqualTo("{\"result\":{}}");
      assertThat(client.push().getString("channel")).isEqualTo("chat:alone");
    }
  }

  private static double interest() {
    return cluster.node(0).metric("switchboard_interest");
  }

  /// The digest of what node 0 has, as it or the other node knows it.
  private static String routes(int node) {
    var routes = new JsonObject(cluster.node(node).get("/debug/routes").body());
    JsonObject table =
        node == 0
            ? routes.getJsonObject("own")
            : (JsonObject) routes.getJsonObject("peers").iterator().next().getValue();
    return table.getString("digest");
  }
}
