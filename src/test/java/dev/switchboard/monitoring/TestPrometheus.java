package dev.switchboard.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.switchboard.testkit.Ports;
import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.Requirement;
import dev.switchboard.testkit.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A real Prometheus with the configuration and the rules of `conf/monitoring`, which scrapes some
/// nodes once a second.
final class TestPrometheus implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Program program;
  private final String address;

  private TestPrometheus(Program program, String address) {
    this.program = program;
    this.address = address;
  }

  /// Starts one and waits until it answers.
  ///
  /// @param folder for its files
  static TestPrometheus start(Path folder, List<TestNode> nodes) {
    Path configuration = folder.resolve("prometheus.yaml");
    write(configuration(nodes), configuration);
    int port = Ports.free();
    var command =
        List.of(
            Requirement.prometheus().toString(),
            "--config.file=" + configuration,
            "--storage.tsdb.path=" + folder.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port);
    var program = Program.start("prometheus", command, Map.of());
    var prometheus = new TestPrometheus(program, "http://127.0.0.1:" + port);
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreException(UncheckedIOException.class)
        .until(() -> prometheus.send("/-/ready").statusCode() == 200);
    return prometheus;
  }

  /// That of the repository, but for where the nodes are and how often they are asked.
  private static JsonNode configuration(List<TestNode> nodes) {
    var configuration = (ObjectNode) Monitoring.yaml(Monitoring.CONFIGURATION);
    ((ObjectNode) configuration.get("global"))
        .put("scrape_interval", "1s")
        .put("evaluation_interval", "1s");
    ((ArrayNode) configuration.get("rule_files"))
        .removeAll()
        .add(Monitoring.RULES.toAbsolutePath().toString());
    var targets = (ArrayNode) configuration.at("/scrape_configs/0/static_configs/0/targets");
    assertThat(targets).hasSameSizeAs(nodes);
    targets.removeAll();
    nodes.forEach(node -> targets.add(node.internal().replace("http://", "")));
    return configuration;
  }

  private static void write(JsonNode configuration, Path file) {
    try {
      new YAMLMapper().writeValue(file.toFile(), configuration);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// The values of all series that a query gives; fails when it is no lawful query.
  List<Double> query(String query) {
    String path = "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
    JsonNode answer = get(path);
    assertThat(answer.path("status").asText()).as("%s: %s", query, answer).isEqualTo("success");
    return answer
        .at("/data/result")
        .valueStream()
        .map(series -> Double.valueOf(series.at("/value/1").asText().replace("Inf", "Infinity")))
        .toList();
  }

  /// All rules as it sees them, each with its `health` once it was evaluated.
  List<JsonNode> rules() {
    return get("/api/v1/rules")
        .at("/data/groups")
        .valueStream()
        .flatMap(group -> group.get("rules").valueStream())
        .toList();
  }

  private JsonNode get(String path) {
    try {
      return JSON.readTree(send(path).body());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private HttpResponse<String> send(String path) {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create(address + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public void close() {
    program.close();
    http.close();
  }
}
