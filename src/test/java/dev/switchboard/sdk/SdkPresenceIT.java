package dev.switchboard.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.Requirement;
import dev.switchboard.testkit.TestCluster;
import dev.switchboard.testkit.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Presence, joins and leaves with the published SDKs on two nodes; what they do is in
/// `src/test/js/sdk/presence.mjs` and `src/test/sdk-java/SdkPresence.java`.
class SdkPresenceIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster =
        TestCluster.of(
            2,
            "channel.without_namespace.join_leave=true",
            "channel.namespaces.forced.allow_subscribe_for_client=true",
            "channel.namespaces.forced.join_leave=true",
            "channel.namespaces.forced.force_push_join_leave=true");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static String nodes() {
    return cluster.node(0).websocket() + "," + cluster.node(1).websocket();
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "protobuf"})
  void theJavaScriptSdkSeesWhoIsThere(String encoding) {
    // Given
    Path node = Requirement.node();
    Path scenarios = Requirement.npmPackages().resolve("presence.mjs");
    Map<String, String> environment = new HashMap<>();
    environment.put("NODES", nodes());
    environment.put("CLIENT_URL", cluster.node(0).websocket().toString());
    environment.put("API_URL", cluster.node(1).internal() + "/api");
    environment.put("API_KEY", TestNode.API_KEY);
    environment.put("TOKEN_SECRET", TestNode.TOKEN_SECRET);
    environment.put("TOKEN_AUDIENCE", TestNode.TOKEN_AUDIENCE);
    environment.put("ENCODING", encoding);
    var command = List.of(node.toString(), scenarios.toString());

    // When
    try (var program = Program.start("js-presence-" + encoding, command, environment)) {

      // Then
      assertThat(program.succeed(LIMIT)).contains(encoding + " presence is right");
    }
  }

  @Test
  void theJavaSdkSeesWhoIsThere() {
    // Given
    Path libraries = Requirement.javaSdk();
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    var command =
        List.of(java.toString(), "-cp", libraries + "/*", "src/test/sdk-java/SdkPresence.java");
    Map<String, String> environment =
        Map.of(
            "NODES", nodes(),
            "ADA", cluster.node(0).token("ada"),
            "BOB", cluster.node(0).token("bob"));

    // When
    try (var program = Program.start("java-presence", command, environment)) {

      // Then
      assertThat(program.succeed(LIMIT)).contains("the Java SDK saw who was there");
    }
  }
}
