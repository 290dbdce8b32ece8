package dev.switchboard.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The alert rules are written once; neither kustomize nor Helm can read them where they are.
class AlertCopiesTest {
  private static final Path RULES = Path.of("conf", "monitoring", "alerts.yaml");
  private static final Path CHART = Path.of("k8s", "helm", "switchboard", "files", "alerts.yaml");
  private static final Path COMPONENT =
      Path.of("k8s", "components", "monitoring", "prometheusrule.yaml");
  private static final String LAST_LINE_OF_OURS = "-Dalerts.copies=write\n";

  private static String component(String rules) throws IOException {
    String there = Files.readString(COMPONENT);
    String head = there.substring(0, there.indexOf(LAST_LINE_OF_OURS) + LAST_LINE_OF_OURS.length());
    return rules
        .lines()
        .map(line -> line.isEmpty() ? "\n" : "  " + line + "\n")
        .collect(Collectors.joining("", head, ""));
  }

  @Test
  void theCopiesAreCurrent() throws IOException {
    // Given
    String rules = Files.readString(RULES);
    String component = component(rules);
    if ("write".equals(System.getProperty("alerts.copies"))) {
      Files.writeString(CHART, rules);
      Files.writeString(COMPONENT, component);
    }

    // When
    String stale = "is stale; run `mvn test -Dtest=AlertCopiesTest -Dalerts.copies=write`";

    // Then
    assertThat(Files.readString(CHART)).as("%s %s", CHART, stale).isEqualTo(rules);
    assertThat(Files.readString(COMPONENT)).as("%s %s", COMPONENT, stale).isEqualTo(component);
  }
}
