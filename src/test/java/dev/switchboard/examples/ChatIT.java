package dev.switchboard.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.Ports;
import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.Requirement;
import dev.switchboard.testkit.TestCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The example `chat` in a real browser: three people on two nodes, one of whom has a WebSocket,
/// one HTTP streaming only, one SSE only. What they do is in `src/test/js/chat.mjs`.
class ChatIT {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final Duration TTL = Duration.ofMinutes(5);

  @Test
  void peopleOnTwoNodesTalkByWhateverGetsThrough() {
    // Given
    Path page = Requirement.example("chat");
    Path script = Requirement.npmPackages().resolve("chat.mjs");
    String chromium = Requirement.chromium().toString();
    var command = List.of(Requirement.node().toString(), script.toString(), "target/screenshots");
    List<Integer> ports = Stream.generate(Ports::free).limit(3).toList();
    int noWebSocket = Ports.free();
    int onlySse = Ports.free();

    try (var cluster = TestCluster.of(2, Examples.settings(Examples.origins(ports)));
        var ada =
            TokenEndpoint.start(ports.get(0), Examples.url(cluster.node(0).port()), TTL, page);
        var bob = TokenEndpoint.start(ports.get(1), Examples.url(noWebSocket), TTL, page);
        var cy = TokenEndpoint.start(ports.get(2), Examples.url(onlySse), TTL, page);
        // When
        var browser =
            Program.start(
                "chat",
                command,
                Map.of(
                    "PAGES",
                    String.join(",", ada.url(), bob.url(), cy.url()),
                    "NODE_PORT",
                    Integer.toString(cluster.node(1).port()),
                    "RELAY_PORTS",
                    noWebSocket + "," + onlySse,
                    "CHROMIUM",
                    chromium))) {

      // Then
      assertThat(browser.succeed(LIMIT)).contains("ok everybody heard all once");
    }
  }
}
