package dev.switchboard.sdk;

import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.TestAuthority;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestCluster;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The example of a service, in a JVM of its own, against two nodes.
///
/// Compiled from its sources at the start, against the libraries alone: it must need none of our
/// classes.
class EventBusServiceIT {
  private static final String EXAMPLE = "src/examples/service/src/main/java/example/service/";
  private static final Duration LIMIT = Duration.ofSeconds(180);

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aServiceReachesClientsOverTheBus(boolean tls) {
    // Given
    Optional<TestAuthority> authority =
        tls ? Optional.of(TestAuthority.create(folder)) : Optional.empty();
    try (var cluster = TestCluster.of(2, settings(authority));
        var client = TestClient.connect(cluster.node(1), "ada")) {
      client.subscribe("greetings");

      // When
      String printed;
      try (var service =
          Program.start("event-bus-service", command(cluster, authority), Map.of())) {
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
          .containsPattern("nodes: \\[.*\"name\":\"node-1\".*]");
    }
  }

  private static String[] settings(Optional<TestAuthority> authority) {
    List<String> settings = new ArrayList<>();
    // The test's client answers none, and a JVM that compiles first may take its time.
    settings.add("client.ping_interval=10m");
    authority.ifPresent(ours -> settings.addAll(ours.issue("node.example")));
    return settings.toArray(String[]::new);
  }

  private static List<String> command(TestCluster cluster, Optional<TestAuthority> authority) {
    Map<String, String> settings = values(cluster.settings(0));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", libraries(), EXAMPLE + "Main.java"));
    command.addAll(List.of("--cluster", settings.get("cluster.name")));
    command.addAll(List.of("--member", "127.0.0.1:" + settings.get("cluster.port")));
    command.addAll(List.of("--channel", "greetings", "--user", "ada"));
    authority.ifPresent(
        ours -> {
          Map<String, String> files = values(ours.issue("service.example"));
          command.addAll(List.of("--tls-certificate", files.get("cluster.tls.certificate_file")));
          command.addAll(List.of("--tls-key", files.get("cluster.tls.key_file")));
          command.addAll(List.of("--tls-ca", files.get("cluster.tls.ca_file")));
        });
    return command;
  }

  private static Map<String, String> values(List<String> settings) {
    return settings.stream()
        .map(setting -> setting.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  /// Our class path without our classes, and without the logger a plain service does not have.
  private static String libraries() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .filter(entry -> !entry.contains("logback") && !entry.contains("slf4j"))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
