package dev.switchboard.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.Ports;
import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.Requirement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// A page in a real browser, by three transports on two nodes, which die under it in turn; a third
/// one makes the majority by which streams survive that. What happens on the page is in
/// `src/test/js/fallback.mjs`.
class FallbackIT {
  private static final Path FOLDER = Path.of("target", "faults", "fallback");
  private static final Duration LIMIT = Duration.ofSeconds(150);
  // Apart from the clusters of the other tests in the same process.
  private static final int ARENA = 23;

  @Test
  void aPageOutlivesEitherNode() {
    // Given
    int pagePort = Ports.free();
    Path script = Requirement.npmPackages().resolve("fallback.mjs");
    String chromium = Requirement.chromium().toString();
    var command = List.of(Requirement.node().toString(), script.toString(), "target/screenshots");
    var origin = List.of("client.allowed_origins=http://127.0.0.1:" + pagePort);
    try (var nodes = new Trio(FOLDER, ARENA, origin)) {
      Map<String, String> environment =
          Map.of(
              "NODES",
              nodes.hosts().stream()
                  .limit(2)
                  .map(host -> host + ":8000")
                  .collect(Collectors.joining(",")),
              "PAGE_PORT",
              Integer.toString(pagePort),
              "TOKEN",
              Trio.token("ada"),
              "CHROMIUM",
              chromium);
      try (var page = Program.start("fallback", command, environment)) {
        // When
        Patience.until(LIMIT, () -> page.hasPrintedOrEnded("kill the first node"));
        nodes.node(0).kill();
        Patience.until(LIMIT, () -> page.hasPrintedOrEnded("round 3"));
        nodes.node(0).start();
        nodes.awaitAll();
        Patience.until(LIMIT, () -> page.hasPrintedOrEnded("kill the second node"));
        nodes.node(1).kill();

        // Then
        assertThat(page.succeed(LIMIT)).contains("ok each heard all once");
      }
    }
  }
}
