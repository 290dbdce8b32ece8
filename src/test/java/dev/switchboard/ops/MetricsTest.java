package dev.switchboard.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("switchboard_connections", "gauge"),
          Map.entry("switchboard_unauthenticated", "gauge"),
          Map.entry("switchboard_sessions", "gauge"),
          Map.entry("switchboard_users", "gauge"),
          Map.entry("switchboard_channels", "gauge"),
          Map.entry("switchboard_subscriptions", "gauge"),
          Map.entry("switchboard_connections_max", "gauge"),
          Map.entry("switchboard_node_state", "gauge"),
          Map.entry("switchboard_stuck_loops", "gauge"),
          Map.entry("switchboard_heap_after_collection_ratio", "gauge"),
          Map.entry("switchboard_sessions_moved_total", "counter"),
          Map.entry("switchboard_descriptors_open", "gauge"),
          Map.entry("switchboard_descriptors_max", "gauge"),
          Map.entry("switchboard_event_loop_lag_seconds", "gauge"),
          Map.entry("switchboard_connections_opened_total", "counter"),
          Map.entry("switchboard_connections_closed_total", "counter"),
          Map.entry("switchboard_connections_rejected_total", "counter"),
          Map.entry("switchboard_commands_total", "counter"),
          Map.entry("switchboard_errors_total", "counter"),
          Map.entry("switchboard_faults_total", "counter"),
          Map.entry("switchboard_messages_total", "counter"),
          Map.entry("switchboard_message_bytes_total", "counter"),
          Map.entry("switchboard_compression_runs_total", "counter"),
          Map.entry("switchboard_compression_bytes_total", "counter"),
          Map.entry("switchboard_handshake_duration_seconds", "histogram"),
          Map.entry("switchboard_delivery_duration_seconds", "histogram"),
          Map.entry("switchboard_ping_rtt_seconds", "histogram"),
          Map.entry("switchboard_schema_refusals_total", "counter"),
          Map.entry("switchboard_members", "gauge"),
          Map.entry("switchboard_links_open", "gauge"),
          Map.entry("switchboard_leases_held", "gauge"),
          Map.entry("switchboard_interest", "gauge"),
          Map.entry("switchboard_link_window_bytes", "gauge"),
          Map.entry("switchboard_link_events_total", "counter"),
          Map.entry("switchboard_link_bytes_total", "counter"),
          Map.entry("switchboard_backend_calls_total", "counter"),
          Map.entry("switchboard_token_key_fetches_total", "counter"),
          Map.entry("switchboard_backend_duration_seconds", "histogram"),
          Map.entry("switchboard_events_notes_waiting", "gauge"),
          Map.entry("switchboard_events_notes_retried_total", "counter"),
          Map.entry("switchboard_events_rolls_lost_total", "counter"),
          Map.entry("switchboard_events_connects_unheard_total", "counter"),
          Map.entry("switchboard_events_connects_refused_total", "counter"),
          Map.entry("switchboard_events_cap_closes_total", "counter"),
          Map.entry("switchboard_events_webhook_requests_total", "counter"),
          Map.entry("switchboard_events_dead_letters_total", "counter"),
          Map.entry("switchboard_streams", "gauge"),
          Map.entry("switchboard_stream_bytes", "gauge"),
          Map.entry("switchboard_stream_waiting_bytes", "gauge"),
          Map.entry("switchboard_stream_appends_total", "counter"),
          Map.entry("switchboard_stream_reads_total", "counter"),
          Map.entry("switchboard_stream_titles_total", "counter"),
          Map.entry("switchboard_stream_batch_appends", "summary"),
          Map.entry("switchboard_stream_batch_appends_max", "gauge"),
          Map.entry("switchboard_stream_batches_repeated_total", "counter"),
          Map.entry("switchboard_stream_copies_refused_total", "counter"));

  @Test
  void everyMeterIsThereFromTheStartWithItsType() {
    try (var node = TestNode.start()) {
      // When
      var answer = node.get("/metrics");

      // Then
      Map<String, String> types = new TreeMap<>();
      answer
          .body()
          .lines()
          .filter(line -> line.startsWith("# TYPE switchboard_"))
          .map(line -> line.split(" "))
          .forEach(words -> types.put(words[2], words[3]));
      // The histogram's own maximum is a gauge beside it.
      types.keySet().removeIf(name -> name.endsWith("_seconds_max"));
      assertThat(types).containsExactlyInAnyOrderEntriesOf(TYPES);
      assertThat(answer.headers().firstValue("content-type").orElseThrow())
          .startsWith("text/plain; version=0.0.4");
      assertThat(answer.body()).contains("jvm_memory_used_bytes").contains("jvm_gc_");
    }
  }

  @Test
  void openMetricsIsSpokenToThoseWhoAsk() {
    try (var node = TestNode.start()) {
      // When
      var answer =
          node.request(
              HttpRequest.newBuilder(URI.create(node.internal() + "/metrics"))
                  .header("Accept", "application/openmetrics-text"));

      // Then
      assertThat(answer.headers().firstValue("content-type").orElseThrow())
          .startsWith("application/openmetrics-text");
      assertThat(answer.body()).endsWith("# EOF\n");
    }
  }

  @Test
  void whatHappensIsCounted() {
    try (var node = TestNode.start("heartbeat.interval=20ms");
        var client = TestClient.connect(node, "alice");
        var raw = RawClient.upgrade(node);
        var refused = RawClient.open(node.port())) {
      // When
      client.subscribe("a");
      client.subscribe("no:such");
      client.publish("a", 1);
      raw.text("garbage");
      raw.closeCode();
      refused.send(RawClient.handshake(node, "Origin: http://evil.example\r\n"));
      refused.head();
      node.api("info", "{}");
      node.api("no_such", "{}");
      node.node().vertx().eventBus().send("switchboard.info", "no version");

      // Then
      await()
          .untilAsserted(
              () -> {
                counted(node, "switchboard_sessions", 1);
                counted(node, "switchboard_users", 1);
                counted(node, "switchboard_channels", 1);
                counted(node, "switchboard_subscriptions", 1);
                counted(node, "switchboard_connections", 1);
                counted(node, "switchboard_unauthenticated", 0);
                counted(node, "switchboard_connections_opened_total", 2);
                counted(node, "switchboard_commands_total{command=\"connect\"}", 1);
                counted(node, "switchboard_commands_total{command=\"subscribe\"}", 2);
                counted(node, "switchboard_commands_total{command=\"publish\"}", 1);
                counted(node, "switchboard_errors_total{code=\"102\"}", 1);
                counted(node, "switchboard_messages_total{direction=\"in\",encoding=\"json\"}", 5);
                counted(
                    node,
                    "switchboard_connections_closed_total{code=\"3501\",initiator=\"server\"}",
                    1);
                counted(node, "switchboard_connections_rejected_total{reason=\"origin\"}", 1);
                counted(node, "switchboard_handshake_duration_seconds_count", 1);
                counted(node, "switchboard_delivery_duration_seconds_count", 1);
                counted(node, apiCalls("http", "info", "ok"), 1);
                counted(node, apiCalls("http", "unknown", "104"), 1);
                counted(node, apiCalls("bus", "info", "107"), 1);
              });
    }
  }

  private static String apiCalls(String door, String method, String outcome) {
    return "switchboard_api_requests_total{door=\"%s\",method=\"%s\",outcome=\"%s\"}"
        .formatted(door, method, outcome);
  }

  private static void counted(TestNode node, String series, double value) {
    assertThat(node.metric(series)).as(series).isEqualTo(value);
  }

  @Test
  void metricsMayBeOff() {
    try (var node = TestNode.start("metrics.enabled=false")) {
      // Then
      assertThat(node.get("/metrics").statusCode()).isEqualTo(404);
      assertThat(node.get("/ready").statusCode()).isEqualTo(200);
    }
  }
}
