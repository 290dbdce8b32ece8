package dev.switchboard.routing;

import static dev.switchboard.testkit.Shorthand.channel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.AllowLog;
import dev.switchboard.testkit.TestCluster;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Streams of real nodes that come, leave and die; a cluster for each test.
class ClusterStreamsTest {
  private static final String[] STREAMS = {
    "channel.without_namespace.history_size=100",
    "channel.without_namespace.history_ttl=5m",
    "node.drain_period=0s"
  };
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int CHANNELS = 200;

  @Test
  void nodesThatLeaveAndComeChangeNoEpochAndLoseNothing() {
    try (var cluster = TestCluster.ofNone(4, STREAMS)) {
      // Given
      IntStream.range(0, 3).forEach(cluster::start);
      cluster.awaitWhole();
      Map<String, String> epochs = publishToAll(cluster.node(0), 1);

      // When
      cluster.stop(2);

      // Then
      assertThat(publishToAll(cluster.node(1), 2)).isEqualTo(epochs);
      cluster.start(3);
      cluster.awaitWhole();
      assertThat(publishToAll(cluster.node(2), 3)).isEqualTo(epochs);
      assertThat(titles(cluster, "taken")).isPositive();
      assertThat(titles(cluster, "renewed")).isZero();
    }
  }

  /// Publishes to many channels, waiting for each.
  ///
  /// @param offset expected of each
  /// @return their epochs
  private static Map<String, String> publishToAll(TestNode node, int offset) {
    return IntStream.range(0, CHANNELS)
        .mapToObj(number -> "news-" + number)
        .collect(
            Collectors.toMap(
                name -> name,
                name -> {
                  JsonObject result = publish(node, name).getJsonObject("result");
                  assertThat(result).as(name).isNotNull();
                  assertThat(result.getLong("offset")).as(name).isEqualTo(offset);
                  return result.getString("epoch");
                },
                (one, _) -> one,
                TreeMap::new));
  }

  private static double titles(TestCluster cluster, String outcome) {
    String series = "switchboard_stream_titles_total{outcome=\"%s\"}".formatted(outcome);
    return cluster.nodes().stream().mapToDouble(node -> node.metric(series)).sum();
  }

  @Test
  @AllowLog(logger = "com.hazelcast", containing = "")
  @AllowLog(logger = "io.vertx", containing = "")
  void withoutAMajorityNothingIsAcceptedUntilItIsGivenUp() {
    try (var cluster = TestCluster.of(2, STREAMS)) {
      // Given
      TestNode left = cluster.node(0);
      await().atMost(PATIENCE).until(() -> publish(left, "news").containsKey("result"));
      String epoch = publish(left, "news").getJsonObject("result").getString("epoch");
      assertThat(code(api(left, "quorum_reset", new JsonObject()))).isEqualTo(107);

      // When
      cluster.kill(1);
      await().atMost(PATIENCE).until(() -> code(publish(left, "news")) == 100);
      assertThat(code(publish(left, "news"))).isEqualTo(100);
      JsonObject reset = api(left, "quorum_reset", new JsonObject());

      // Then
      assertThat(reset.containsKey("result")).isTrue();
      JsonObject anew = publish(left, "news").getJsonObject("result");
      assertThat(anew.getLong("offset")).isEqualTo(1);
      assertThat(anew.getString("epoch")).isNotEqualTo(epoch);
      assertThat(titles(cluster, "renewed")).isPositive();
    }
  }

  private static int code(JsonObject answer) {
    return answer.getJsonObject("error", new JsonObject()).getInteger("code", 0);
  }

  private static JsonObject publish(TestNode node, String name) {
    return api(node, "publish", channel(name).put("data", 1));
  }

  private static JsonObject api(TestNode node, String method, JsonObject body) {
    return new JsonObject(node.api(method, body.encode()));
  }
}
