package dev.switchboard.perf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.Counted;
import dev.switchboard.testkit.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What an authenticated connection with one subscription keeps of a node's heap.
class IdleIT {
  private static final Counted HEAP = new Counted("heap bytes per connection", 740);

  private static final Pattern STEP = Pattern.compile("Step\\[connections=(\\d+), heap=(\\d+),");
  private static final Duration LIMIT = Duration.ofMinutes(4);

  @Test
  void aConnectionIsSmall() {
    // Given
    var command =
        List.of(
            Path.of("perf", "run").toString(),
            "idle",
            "--connections",
            "500,3500",
            "--settle",
            "2",
            "--no-pin",
            "--set",
            "node.transport=epoll",
            "--no-page");

    // When
    List<MatchResult> steps;
    try (var measured = Program.start("perf-idle", command, Map.of())) {
      steps = STEP.matcher(measured.succeed(LIMIT)).results().toList();
    }

    // Then
    assertThat(steps).hasSize(2);
    double bytes =
        (number(steps.get(1), 2) - number(steps.get(0), 2))
            / (number(steps.get(1), 1) - number(steps.get(0), 1));
    HEAP.check(bytes);
  }

  private static double number(MatchResult step, int group) {
    return Double.parseDouble(step.group(group));
  }
}
