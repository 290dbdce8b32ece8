package dev.switchboard.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.Ports;
import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.Requirement;
import dev.switchboard.testkit.TestCluster;
import dev.switchboard.testkit.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The example `angular`, built as its README says, in a real browser; what happens on the page is
/// in `src/test/js/angular.mjs`.
class AngularIT {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final Duration TTL = Duration.ofMinutes(5);

  @Test
  void thePageShowsStateAndMessages() {
    // Given
    Path example = Requirement.example("angular");
    String node = Requirement.node().toString();
    String chromium = Requirement.chromium().toString();
    Path script = Requirement.npmPackages().resolve("angular.mjs");
    Path page = build(example);
    List<Integer> ports = Stream.generate(Ports::free).limit(2).toList();

    try (var cluster = TestCluster.of(2, Examples.settings(Examples.origins(ports)));
        var first =
            TokenEndpoint.start(ports.get(0), Examples.url(cluster.node(0).port()), TTL, page);
        var second =
            TokenEndpoint.start(ports.get(1), Examples.url(cluster.node(1).port()), TTL, page);
        // When
        var browser =
            Program.start(
                "angular",
                List.of(node, script.toString(), "target/screenshots"),
                Map.of(
                    "PAGES",
                    first.url() + "," + second.url(),
                    "API_URL",
                    cluster.node(1).internal() + "/api",
                    "API_KEY",
                    TestNode.API_KEY,
                    "CHROMIUM",
                    chromium))) {

      // Then
      assertThat(browser.succeed(LIMIT)).contains("ok each saw all once");
    }
  }

  private static Path build(Path example) {
    var command =
        List.of(Requirement.npm().toString(), "run", "build", "--prefix", example.toString());
    try (var build = Program.start("angular-build", command, Map.of())) {
      build.succeed(LIMIT);
    }
    return example.resolve("target").resolve("page");
  }
}
