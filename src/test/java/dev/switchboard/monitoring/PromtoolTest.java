package dev.switchboard.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.Requirement;
import dev.switchboard.testkit.TestNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Has Prometheus' own tool look at the rules, their tests and what a node exposes.
class PromtoolTest {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Pattern OURS = Pattern.compile("(# \\w+ )?switchboard_.*");

  @Test
  void theRulesAndTheConfigurationAreLawful() {
    // When
    try (var rules = promtool("check-rules", "check", "rules", Monitoring.RULES);
        var config = promtool("check-config", "check", "config", Monitoring.CONFIGURATION)) {

      // Then
      assertThat(rules.succeed(LIMIT)).contains("SUCCESS");
      assertThat(config.succeed(LIMIT)).contains("1 rule files found");
    }
  }

  static List<Path> tests() {
    return Monitoring.TESTS;
  }

  @ParameterizedTest
  @MethodSource("tests")
  void theTestsOfTheRulesHold(Path file) {
    // When
    try (var tests = promtool(file.getFileName().toString(), "test", "rules", file)) {

      // Then
      assertThat(tests.succeed(LIMIT)).contains("SUCCESS");
    }
  }

  /// Only ours: what libraries count has names of theirs.
  @Test
  void whatANodeExposesIsNamedAsPrometheusWants() {
    // Given
    try (var node = TestNode.start()) {
      node.api("info", "{}");
      List<String> lines =
          node.get("/metrics").body().lines().filter(OURS.asMatchPredicate()).toList();

      // When
      try (var check = promtool("check-metrics", "check", "metrics")) {
        check.type(String.join("\n", lines));
        check.endInput();

        // Then
        assertThat(check.succeed(LIMIT)).isEmpty();
      }
    }
  }

  private static Program promtool(String name, Object... words) {
    List<String> command = new ArrayList<>(List.of(Requirement.promtool().toString()));
    Arrays.stream(words).map(Object::toString).forEach(command::add);
    return Program.start("promtool-" + name, command, Map.of());
  }
}
