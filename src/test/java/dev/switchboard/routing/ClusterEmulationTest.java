package dev.switchboard.routing;

import static dev.switchboard.testkit.Shorthand.channel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.StreamClient;
import dev.switchboard.testkit.StreamClient.Kind;
import dev.switchboard.testkit.TestCluster;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a client sends reaches its session from any node.
class ClusterEmulationTest {
  private static final String[] SETTINGS = {
    "http.http_stream.enabled=true", "http.sse.enabled=true"
  };

  @ParameterizedTest
  @EnumSource(names = {"LINES", "PROTOBUF", "EVENTS", "EVENTS_BY_POST"})
  void anyNodeTakesCommands(Kind kind) {
    // Given
    try (var cluster = TestCluster.of(2, SETTINGS);
        var client = StreamClient.connect(cluster.node(0), kind, "alice")) {
      var elsewhere = StreamClient.http(cluster.node(1));

      // When
      JsonObject subscribed = client.call(elsewhere, "subscribe", channel("news"));
      cluster.node(1).publish("news", "1");

      // Then
      assertThat(subscribed.containsKey("subscribe")).as(subscribed.encode()).isTrue();
      assertThat(client.next().getJsonObject("push").getJsonObject("pub").getInteger("data"))
          .isEqualTo(1);
      assertThat(client.send(elsewhere, client.owner(), client.guessedSession(), new JsonObject()))
          .isEqualTo(204);
    }
  }

  @Test
  void aNodeThatLeftIsUnknown() {
    // Given
    try (var cluster = TestCluster.of(2, SETTINGS);
        var client = StreamClient.connect(cluster.node(0), Kind.LINES, "alice")) {
      var elsewhere = StreamClient.http(cluster.node(1));

      // When
      cluster.stop(0);

      // Then
      JsonObject end = client.next();
      assertThat(end.getJsonObject("push").getJsonObject("disconnect").getInteger("code"))
          .isEqualTo(3001);
      await().until(() -> client.send(elsewhere, new JsonObject()) == 404);
    }
  }
}
