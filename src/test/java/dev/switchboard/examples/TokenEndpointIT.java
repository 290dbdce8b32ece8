package dev.switchboard.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.Ports;
import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.Requirement;
import dev.switchboard.testkit.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The example `token-endpoint` with the published SDK; what a client does is in
/// `src/test/js/tokens.mjs`.
class TokenEndpointIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /// Short, to see several tokens end.
  private static final Duration TTL = Duration.ofSeconds(2);

  @Test
  void oneConnectionOutlivesItsTokens() {
    // Given
    Path page = Path.of("src", "examples", "chat");
    Path script = Requirement.npmPackages().resolve("tokens.mjs");
    var command = List.of(Requirement.node().toString(), script.toString());
    try (var gateway = TestNode.start(Examples.settings());
        var endpoint =
            TokenEndpoint.start(Ports.free(), "http://127.0.0.1:" + gateway.port(), TTL, page);
        // When
        var client = Program.start("tokens", command, Map.of("ENDPOINT", endpoint.url()))) {

      // Then
      assertThat(client.succeed(LIMIT))
          .contains("ok strangers get nothing")
          .contains("ok one connection outlived its tokens")
          .contains("ok who is logged out is out");
    }
  }
}
