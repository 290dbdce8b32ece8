package dev.switchboard.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.Ports;
import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.Requirement;
import dev.switchboard.testkit.TestCluster;
import dev.switchboard.testkit.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The console of one of two nodes in a real browser; what a person does there is in `console.mjs`.
class BrowserIT {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  @Test
  void thePersonAtTheConsoleIsServed() throws IOException {
    // Given
    Requirement.consoleSdk();
    String chromium = Requirement.chromium().toString();
    Path script = Requirement.npmPackages().resolve("console.mjs");
    var command = List.of(Requirement.node().toString(), script.toString(), SCREENSHOTS.toString());
    // Known before the start, for the page's origin must be allowed.
    int port = Ports.free();
    String console = "http://127.0.0.1:" + port;
    try (var cluster = TestCluster.ofNone(2)) {
      var gateway = cluster.start(0, "internal.port=" + port, "client.allowed_origins=" + console);
      cluster.start(1);
      cluster.awaitWhole();

      // When
      try (var browser =
          Program.start(
              "console",
              command,
              Map.of(
                  "CONSOLE_URL",
                  console + "/",
                  "TOKEN",
                  gateway.token("ada"),
                  "API_KEY",
                  TestNode.API_KEY,
                  "NODES",
                  "node-0,node-1",
                  "CHROMIUM",
                  chromium))) {

        // Then
        assertThat(browser.succeed(LIMIT))
            .contains("ok shows all nodes and links")
            .contains("ok never complained");
      }
    }
  }
}
