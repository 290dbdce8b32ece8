package dev.switchboard.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.ProjectFiles;
import dev.switchboard.testkit.TestNode;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Holds the metrics of `src/docs/operating.md` equal to what a node exposes.
class OperatingPageTest {
  private static final Path PAGE = Path.of("src/docs/operating.md");
  private static final Pattern EXPOSED = Pattern.compile("(?m)^# TYPE (switchboard_\\w+) ");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(switchboard_\\w+)` \\|");

  @Test
  void everyMetricIsExplainedAndEveryExplainedMetricExists() {
    // Given
    try (var node = TestNode.start()) {
      // Counters of API calls appear with the first one.
      node.api("info", "{}");

      // When
      Set<String> exposed = names(EXPOSED, node.get("/metrics").body());

      // Then
      assertThat(names(ROW, ProjectFiles.text(PAGE))).isNotEmpty().isEqualTo(exposed);
    }
  }

  @Test
  void metricsThatAreOffAreNotServed() {
    // Given
    try (var node = TestNode.start("metrics.enabled=false")) {

      // When
      int status = node.get("/metrics").statusCode();

      // Then
      assertThat(status).isEqualTo(404);
    }
  }

  private static Set<String> names(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
