package dev.switchboard.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.Ports;
import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.Requirement;
import dev.switchboard.testkit.TestCluster;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The example `sensor`, a process for each reading.
class SensorIT {
  private static final int SENSORS = 20;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String CHANNEL = "readings:cellar";

  /// Close frames from clients; the SDK's carry no code. A socket that just breaks is 1006.
  private static final String GOODBYES =
      "switchboard_connections_closed_total{code=\"1005\",initiator=\"client\"}";

  private static final String NOBODY = "ws://127.0.0.1:%d/connection/websocket";

  @Test
  void everyReadingIsKeptOnce() {
    // Given
    try (var cluster = TestCluster.of(2, Examples.settings())) {
      String token = cluster.node(0).token("sensor");

      // When
      for (int number = 0; number < SENSORS; number++) {
        TestNode node = cluster.node(number % 2);
        try (var sensor = sensor(token, number, node.websocket().toString())) {
          sensor.succeed(LIMIT);
        }
      }

      // Then
      for (TestNode node : cluster.nodes()) {
        assertThat(readings(node))
            .extracting(reading -> reading.getInteger("reading"))
            .containsExactlyElementsOf(IntStream.range(0, SENSORS).boxed().toList());
        assertThat(readings(node))
            .extracting(reading -> reading.getString("id"))
            .doesNotHaveDuplicates();
        await().until(() -> node.metric("switchboard_connections") == 0);
        assertThat(node.metric(GOODBYES)).isEqualTo(SENSORS / 2);
      }
    }
  }

  @Test
  void aDeadNodeIsPassedOver() {
    // Given
    String dead = NOBODY.formatted(Ports.free());
    try (var node = TestNode.start(Examples.settings());
        // When
        var sensor = sensor(node.token("sensor"), 7, dead, node.websocket().toString())) {
      sensor.succeed(LIMIT);

      // Then
      assertThat(readings(node)).hasSize(1);
    }
  }

  /// Nobody answers the first try, which ends by its own time-out.
  @Test
  void aHungNodeIsPassedOver() throws IOException {
    // Given
    try (var hung = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        var node = TestNode.start(Examples.settings());
        // When
        var sensor =
            sensor(
                node.token("sensor"),
                7,
                NOBODY.formatted(hung.getLocalPort()),
                node.websocket().toString())) {
      sensor.succeed(LIMIT);

      // Then
      assertThat(readings(node)).hasSize(1);
    }
  }

  @Test
  void theSensorTriesUntilANodeIsThere() {
    // Given
    int port = Ports.free();
    String token;
    try (var other = TestNode.start(Examples.settings())) {
      token = other.token("sensor");
    }
    try (var sensor = sensor(token, 7, NOBODY.formatted(port));
        // When
        var node = TestNode.start(Examples.settings("http.port=" + port))) {
      sensor.succeed(LIMIT);

      // Then
      assertThat(readings(node)).hasSize(1);
    }
  }

  @Test
  void aSensorThatReachesNobodyGivesUp() {
    // Given
    String nobody = NOBODY.formatted(Ports.free());

    // When
    try (var sensor = sensor(Map.of("TIME_MILLIS", "1000"), 7, nobody)) {

      // Then
      assertThat(sensor.fail(LIMIT)).contains("no success within 1000 ms");
    }
  }

  @Test
  void aSensorThatIsRefusedSaysWhy() {
    // Given
    try (var node = TestNode.start(Examples.settings());
        // When
        var sensor = sensor("no token", 7, node.websocket().toString())) {

      // Then
      assertThat(sensor.fail(LIMIT)).contains("sensor: invalid token");
    }
  }

  private static Program sensor(String token, int reading, String... addresses) {
    return sensor(Map.of("TOKEN", token), reading, addresses);
  }

  private static Program sensor(Map<String, String> environment, int reading, String... addresses) {
    List<String> command = new ArrayList<>();
    command.add(Requirement.node().toString());
    command.add(Requirement.example("sensor").resolve("sensor.mjs").toString());
    command.addAll(List.of(CHANNEL, Integer.toString(reading)));
    command.addAll(List.of(addresses));
    return Program.start("sensor", command, environment);
  }

  private static List<JsonObject> readings(TestNode node) {
    String request = new JsonObject().put("channel", CHANNEL).put("limit", -1).encode();
    return new JsonObject(node.api("history", request))
        .getJsonObject("result").getJsonArray("publications").stream()
            .map(publication -> ((JsonObject) publication).getJsonObject("data"))
            .toList();
  }
}
