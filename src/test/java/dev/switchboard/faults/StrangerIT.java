package dev.switchboard.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.Requirement;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Who joins from another network namespace, with the configuration of a production.
class StrangerIT {
  private static final Path FOLDER = Path.of("target", "faults", "stranger");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  // Apart from the clusters of FaultsIT in the same process.
  private static final int ARENA = 50;
  private static final int MEMBER = 1;
  private static final int STRANGER = 2;

  private final String name = "production-" + UUID.randomUUID();
  private final String key = UUID.randomUUID().toString();
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void onlyWhoHasTheNameAndTheRouteJoins() throws IOException {
    // Given
    Requirement.networkNamespaces();
    Files.createDirectories(FOLDER);
    try (var terrain = Namespaces.create(ARENA, 2, FOLDER);
        var member = node(terrain, MEMBER, name)) {
      started(member);

      // When
      int withoutName = membersBeside(terrain, member, "another-" + name);
      terrain.cut(STRANGER);
      int withoutRoute = membersBeside(terrain, member, name);
      terrain.heal(STRANGER);
      int withBoth = membersBeside(terrain, member, name);

      // Then
      assertThat(withoutName).as("members with another cluster.name").isEqualTo(1);
      assertThat(withoutRoute).as("members without a route").isEqualTo(1);
      assertThat(withBoth).as("members with both").isEqualTo(2);
    }
  }

  /// How many members the first node counts once another has started and gone its way.
  private int membersBeside(Terrain terrain, NodeProcess member, String clusterName) {
    try (var other = node(terrain, STRANGER, clusterName)) {
      started(other);
      int members = member.api().memberCount();
      assertThat(other.api().memberCount()).isEqualTo(members);
      other.terminate();
      assertThat(other.exitCode(PATIENCE)).isZero();
      return members;
    }
  }

  private static void started(NodeProcess node) {
    node.start();
    assertThat(Patience.until(PATIENCE, () -> node.api().ready())).as(node.name()).isPresent();
  }

  private NodeProcess node(Terrain terrain, int number, String clusterName) {
    String host = terrain.accessHost(number);
    List<String> settings = new ArrayList<>(terrain.settings(number));
    settings.addAll(
        List.of(
            "node.name=node-" + number,
            "node.drain_period=0s",
            "http.port=8000",
            "internal.host=" + host,
            "internal.port=9000",
            "token.hmac_secret=a-secret-of-at-least-thirty-two-bytes",
            "token.audience=stranger",
            "api.key=" + key,
            "cluster.enabled=true",
            "cluster.name=" + clusterName,
            "cluster.key=" + key,
            "cluster.members=" + terrain.member(MEMBER)));
    var api = new NodeApi(http, "http://%s:9000".formatted(host), key);
    Path log = FOLDER.resolve("node-" + number + ".log");
    return new NodeProcess(number, terrain.prefix(number), settings, log, api);
  }
}
