package dev.switchboard.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.monitoring.Monitoring.Panel;
import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.TestBackend;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestCluster;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three real nodes with real clients, a real back end and a real Prometheus that watches them.
class MonitoringIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration BEAT = Duration.ofMillis(500);
  private static final int USERS = 3;

  /// Long enough to be compressed.
  private static final String TEXT = "the quick brown fox jumps over the lazy dog ".repeat(20);

  private static final Map<String, String> VARIABLES =
      Map.of(
          "$job",
          "switchboard",
          "$instance",
          ".*",
          "$__rate_interval",
          "15s",
          "$__interval",
          "15s");

  private static TestBackend backend;
  private static TestCluster cluster;
  private static TestPrometheus prometheus;

  @BeforeAll
  static void start(@TempDir Path folder) {
    backend = TestBackend.start().answer("rpc", "{'result':{'data':{'n':1}}}");
    cluster =
        TestCluster.of(
            3,
            backend.known(
                "app",
                "rpc.enabled=true",
                "rpc.backend=app",
                "events.enabled=true",
                "events.webhooks.0.name=app",
                "events.webhooks.0.url=" + backend.url(),
                "events.webhooks.0.secret=whsec_c2VjcmV0IG9mIHRoZSB3ZWJob29r",
                "http.permessage_deflate.enabled=true",
                "client.ping_interval=1s",
                "client.pong_timeout=900ms",
                "channel.without_namespace.history_size=10",
                "channel.without_namespace.history_ttl=5m",
                "channel.without_namespace.allow_history_for_client=true",
                "channel.without_namespace.lifecycle_events=true"));
    prometheus = TestPrometheus.start(folder, cluster.nodes());
  }

  @AfterAll
  static void stop() {
    prometheus.close();
    cluster.close();
    backend.close();
  }

  @Test
  void everyPanelShowsSomething() {
    // When
    List<Panel> panels = Monitoring.panels();

    // Then
    assertThat(panels).hasSizeGreaterThan(70);
    await()
        .atMost(PATIENCE)
        .pollInterval(BEAT)
        .untilAsserted(
            () -> {
              live();
              assertThat(panels).filteredOn(panel -> !isFull(panel)).isEmpty();
            });
  }

  /// Whether each query of a panel gives a number.
  private static boolean isFull(Panel panel) {
    return panel.queries().stream()
        .map(query -> prometheus.query(chosen(query)))
        .allMatch(values -> values.stream().anyMatch(value -> !value.isNaN()));
  }

  /// As Grafana would ask it, with all nodes chosen.
  private static String chosen(String query) {
    String text = query;
    for (var variable : VARIABLES.entrySet()) {
      text = text.replace(variable.getKey(), variable.getValue());
    }
    return text;
  }

  @Test
  void annotationsAreLawfulQueries() {
    // When
    List<String> queries = Monitoring.annotations();

    // Then
    assertThat(queries)
        .isNotEmpty()
        .allSatisfy(query -> assertThat(prometheus.query(chosen(query))).isNotNull());
  }

  @Test
  void everyRuleCanBeEvaluated() {
    // When
    await()
        .atMost(PATIENCE)
        .until(() -> prometheus.rules().stream().noneMatch(MonitoringIT::isNotYet));

    // Then
    assertThat(prometheus.rules())
        .hasSameSizeAs(Monitoring.rules())
        .allSatisfy(
            rule -> assertThat(rule.path("health").asText()).as(rule.toString()).isEqualTo("ok"));
  }

  private static boolean isNotYet(JsonNode rule) {
    return rule.path("health").asText().equals("unknown");
  }

  /// A moment in the life of a cluster: on each node somebody connects, and does all there is.
  private static void live() {
    // Pauses of the collector are counted too.
    System.gc();
    for (TestNode node : cluster.nodes()) {
      try (var listener = TestClient.connect(node, "listener");
          var frugal = compressed(node)) {
        listener.subscribe("news");
        for (int user = 0; user < USERS; user++) {
          talk(node, "user-" + user);
        }
        frugal.read();
        answerPing(listener);
      }
    }
  }

  private static void talk(TestNode node, String user) {
    try (var client = TestClient.connect(node, user)) {
      client.subscribe("news");
      client.publish("news", new JsonObject().put("text", TEXT));
      client.call("history", new JsonObject().put("channel", "news").put("limit", 5));
      client.call("rpc", new JsonObject().put("method", "count").put("data", 1));
      client.subscribe("no:such");
      node.api("info", "{}");
    }
  }

  /// A client of the channel that takes compressed messages.
  private static RawClient compressed(TestNode node) {
    RawClient client = RawClient.open(node.port());
    client.send(RawClient.handshake(node, "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
    assertThat(client.head()).contains("permessage-deflate");
    client.connected(node, "frugal").text("{\"id\":2,\"subscribe\":{\"channel\":\"news\"}}");
    return client;
  }

  private static void answerPing(TestClient client) {
    while (!client.next().isEmpty()) {
      // A push.
    }
    client.send("{}");
  }
}
