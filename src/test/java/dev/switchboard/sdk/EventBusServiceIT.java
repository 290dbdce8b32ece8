package dev.switchboard.sdk;

import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestCluster;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The example of a service, in a JVM of its own, against a clustered node.
///
/// Compiled from its sources at the start, against the libraries alone: it must need none of our
/// classes.
class EventBusServiceIT {
  private static final String EXAMPLE = "src/examples/service/src/main/java/example/service/";
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @Test
  void aServiceReachesClientsOverTheBus() {
    try (var cluster = TestCluster.of(1);
        var client = TestClient.connect(cluster.node(0), "ada")) {
      // Given
      client.subscribe("greetings");

      // When
      String printed;
      try (var service = Program.start("event-bus-service", command(cluster), Map.of())) {
        printed = service.succeed(LIMIT);
      }

      // Then
      var hello = of("text", "hello from a service");
      assertThat(client.push().getJsonObject("pub")).isEqualTo(of("data", hello));
      assertThat(client.push()).isEqualTo(of("message", of("data", hello)));
      assertThat(printed)
          .contains("published to greetings")
          .containsPattern("sent to ada: \\[.*\"outcome\":\"written\".*]")
          .containsPattern("on greetings: \\{.*\"user\":\"ada\".*}")
          .containsPattern("nodes: \\[.*\"name\":\"node-0\".*]");
    }
  }

  private static List<String> command(TestCluster cluster) {
    Map<String, String> settings =
        cluster.settings(0).stream()
            .map(setting -> setting.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        libraries(),
        EXAMPLE + "Main.java",
        "--cluster",
        settings.get("cluster.name"),
        "--member",
        "127.0.0.1:" + settings.get("cluster.port"),
        "--channel",
        "greetings",
        "--user",
        "ada");
  }

  /// Our class path without our classes, and without the logger a plain service does not have.
  private static String libraries() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .filter(entry -> !entry.contains("logback") && !entry.contains("slf4j"))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
