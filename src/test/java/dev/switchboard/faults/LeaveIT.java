package dev.switchboard.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A node that leaves takes nothing with it that those who stay need.
class LeaveIT {
  private static final Path FOLDER = Path.of("target", "faults", "leave");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  // Slower than a node should be, and quicker than one that is dropped.
  private static final Duration STANDS = Duration.ofMillis(1_800);
  private static final Duration RUNS = Duration.ofMillis(60);
  // Apart from the clusters of other tests in the same process.
  private static final int ARENA = 20;

  private final String key = UUID.randomUUID().toString();
  private final String name = "leave-" + UUID.randomUUID();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Terrain terrain = Loopback.create(ARENA);
  private final List<NodeProcess> nodes = new ArrayList<>();

  @AfterEach
  void stop() {
    nodes.forEach(NodeProcess::close);
    http.close();
  }

  @Test
  void whoStaysHasItsMajorityHoweverSlowItIs() throws IOException {
    // Given
    Files.createDirectories(FOLDER);
    var stays = started(1);
    var leaves = started(2);
    assertThat(Patience.until(PATIENCE, () -> counts(stays, 2))).as("a majority").isPresent();

    // When
    leaves.terminate();
    while (leaves.runs()) {
      stays.stop();
      Patience.pass(STANDS);
      stays.wake();
      Patience.pass(RUNS);
    }

    // Then
    assertThat(leaves.exitCode(PATIENCE)).isZero();
    assertThat(Patience.until(PATIENCE, () -> counts(stays, 1))).as("alone").isPresent();
  }

  private static boolean counts(NodeProcess node, int members) {
    return node.api().memberCount() == members
        && node.api().routes().filter(Routes::quorum).isPresent();
  }

  private NodeProcess started(int number) {
    List<String> settings = new ArrayList<>(terrain.settings(number));
    String host = terrain.accessHost(number);
    settings.addAll(
        List.of(
            "node.name=node-" + number,
            "node.drain_period=0s",
            "http.port=8000",
            "internal.host=" + host,
            "internal.port=9000",
            "token.hmac_secret=a-secret-of-at-least-thirty-two-bytes",
            "token.audience=leave",
            "api.key=" + key,
            "cluster.enabled=true",
            "cluster.name=" + name,
            "cluster.key=" + key,
            "cluster.members=" + terrain.member(1)));
    var api = new NodeApi(http, "http://%s:9000".formatted(host), key);
    Path log = FOLDER.resolve("node-%d.log".formatted(number));
    var node = new NodeProcess(number, terrain.prefix(number), settings, log, api);
    nodes.add(node);
    node.start();
    assertThat(Patience.until(PATIENCE, () -> api.ready())).as(node.name()).isPresent();
    return node;
  }
}
