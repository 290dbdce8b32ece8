package dev.switchboard.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.AllowLog;
import dev.switchboard.testkit.Ports;
import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.Requirement;
import dev.switchboard.testkit.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The example `java-client`, in a JVM of its own, whose node goes away and comes back.
///
/// Compiled from its sources at the start, against the libraries of the published SDK alone.
class JavaClientIT {
  private static final String MAIN =
      "src/examples/java-client/src/main/java/example/client/Main.java";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String CHANNEL = "readings:kitchen";

  // The other node may not know yet that this one left when it is back at its old address.
  @Test
  @AllowLog(logger = "com.hazelcast.internal.cluster", containing = "Local UUID mismatch")
  @AllowLog(logger = "com.hazelcast.internal.cluster", containing = "explicit suspicion")
  void theClientGetsWhatItMissed() {
    // Given
    Path libraries = Requirement.javaSdk();
    String ownPort = "http.port=" + Ports.free();
    try (var cluster = TestCluster.ofNone(2, Examples.settings())) {
      var own = cluster.start(0, ownPort);
      var other = cluster.start(1);
      cluster.awaitWhole();
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      var command =
          List.of(
              java,
              "-cp",
              libraries + "/*",
              MAIN,
              own.websocket().toString(),
              own.token("ada"),
              CHANNEL);
      try (var client = Program.start("java-client", command, Map.of())) {
        awaitPrinted(client, "subscribed to readings:kitchen");
        client.type("{\"celsius\": 21}");
        awaitPrinted(client, "1: {\"celsius\": 21}");

        // When
        cluster.stop(0);
        awaitPrinted(client, "connecting: ");
        other.publish(CHANNEL, "22");
        other.publish(CHANNEL, "23");
        cluster.start(0, ownPort);
        awaitPrinted(client, "nothing was missed");
        awaitPrinted(client, "3: 23");
        client.endInput();

        // Then
        assertThat(client.succeed(LIMIT))
            .containsSubsequence("1: {\"celsius\": 21}", "nothing was missed", "2: 22", "3: 23");
      }
    }
  }

  private static void awaitPrinted(Program client, String text) {
    await().atMost(LIMIT).until(() -> client.hasPrintedOrEnded(text));
  }
}
