package dev.switchboard.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.config.ConfigException;
import dev.switchboard.config.ConfigLoader;
import dev.switchboard.testkit.Ports;
import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.Requirement;
import dev.switchboard.token.TokenSigner;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A page in a real browser, by three transports on two nodes, which die under it in turn; a third
/// one makes the majority by which streams survive that. What happens on the page is in
/// `src/test/js/fallback.mjs`.
class FallbackIT {
  private static final Path FOLDER = Path.of("target", "faults", "fallback");
  private static final Duration START = Duration.ofSeconds(120);
  private static final Duration LIMIT = Duration.ofSeconds(150);
  // Apart from the clusters of the other tests in the same process.
  private static final int ARENA = 23;
  private static final List<String> TOKENS =
      List.of(
          "token.hmac_secret=" + "a-secret-of-at-least-thirty-two-bytes", "token.audience=page");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Terrain terrain = Loopback.create(ARENA);
  private final int pagePort = Ports.free();
  private final List<NodeProcess> nodes = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(FOLDER);
    String members = Stream.of(1, 2, 3).map(terrain::member).collect(Collectors.joining(","));
    List<String> shared = new ArrayList<>(TOKENS);
    shared.addAll(
        List.of(
            "channel.namespaces.room.allow_subscribe_for_client=true",
            "channel.namespaces.room.allow_publish_for_client=true",
            "channel.namespaces.room.history_size=100",
            "channel.namespaces.room.history_ttl=10m",
            "channel.namespaces.room.force_recovery=true",
            "client.allowed_origins=http://127.0.0.1:" + pagePort,
            "http.http_stream.enabled=true",
            "http.sse.enabled=true",
            "http.port=8000",
            "internal.port=9000",
            "api.key=page",
            "node.drain_period=0s",
            "cluster.enabled=true",
            "cluster.name=page-" + UUID.randomUUID(),
            "cluster.key=" + UUID.randomUUID(),
            "cluster.members=" + members));
    for (int number : List.of(1, 2, 3)) {
      NodeProcess node = node(number, shared);
      nodes.add(node);
      node.start();
      assertThat(Patience.until(START, () -> node.api().ready())).as(node.name()).isPresent();
    }
    awaitAll();
  }

  private NodeProcess node(int number, List<String> shared) {
    String host = terrain.accessHost(number);
    List<String> settings = new ArrayList<>(shared);
    settings.addAll(terrain.settings(number));
    settings.addAll(List.of("node.name=node-" + number, "internal.host=" + host));
    var api = new NodeApi(http, "http://%s:9000".formatted(host), "page");
    return new NodeProcess(
        number, terrain.prefix(number), settings, FOLDER.resolve("node-" + number + ".log"), api);
  }

  private void awaitAll() {
    var whole = Patience.untilEach(START, nodes, node -> node.api().members().size() == 3);
    assertThat(whole).as("time to form a cluster").isPresent();
  }

  @AfterEach
  void end() {
    nodes.forEach(NodeProcess::close);
    nodes.forEach(node -> node.exitCode(START));
    terrain.close();
    http.close();
  }

  @Test
  void aPageOutlivesEitherNode() throws ConfigException {
    // Given
    Path script = Requirement.npmPackages().resolve("fallback.mjs");
    String chromium = Requirement.chromium().toString();
    var command = List.of(Requirement.node().toString(), script.toString(), "target/screenshots");
    String hosts =
        Stream.of(1, 2)
            .map(node -> terrain.accessHost(node) + ":8000")
            .collect(Collectors.joining(","));
    Map<String, String> environment =
        Map.of(
            "NODES",
            hosts,
            "PAGE_PORT",
            Integer.toString(pagePort),
            "TOKEN",
            token(),
            "CHROMIUM",
            chromium);

    try (var page = Program.start("fallback", command, environment)) {
      // When
      Patience.until(LIMIT, () -> page.hasPrintedOrEnded("kill the first node"));
      nodes.getFirst().kill();
      Patience.until(LIMIT, () -> page.hasPrintedOrEnded("round 3"));
      nodes.getFirst().start();
      awaitAll();
      Patience.until(LIMIT, () -> page.hasPrintedOrEnded("kill the second node"));
      nodes.get(1).kill();

      // Then
      assertThat(page.succeed(LIMIT)).contains("ok each heard all once");
    }
  }

  private static String token() throws ConfigException {
    var config = ConfigLoader.load(Optional.empty(), Map.of(), TOKENS).config();
    var vertx = Vertx.vertx();
    try {
      return new TokenSigner(vertx, config.token(), InstantSource.system())
          .connection("ada", Duration.ofHours(1));
    } finally {
      vertx.close();
    }
  }
}
