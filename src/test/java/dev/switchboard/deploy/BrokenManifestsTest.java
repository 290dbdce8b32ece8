package dev.switchboard.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.ProjectFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Shows of each rule that it can fail: one small mistake in manifests that keep it.
class BrokenManifestsTest {
  private static final Path MISTAKES = Path.of("src/test/resources/deploy/mistakes.txt");

  /// One mistake.
  record Mistake(Rule rule, String object, String place, String value) {
    static Mistake parse(String line) {
      String[] parts = line.split("\\|", -1);
      String place =
          parts[2].strip().replace("BOX", "POD/containers/0").replace("POD", "/spec/template/spec");
      return new Mistake(Rule.valueOf(parts[0].strip()), parts[1].strip(), place, parts[3].strip());
    }
  }

  static Stream<Mistake> mistakes() {
    return ProjectFiles.text(MISTAKES)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(Mistake::parse);
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsFound(Mistake mistake) {
    // Given
    Manifests good = Rendering.EVERYTHING.manifests();
    Manifests broken = good.with(mistake.object(), mistake.place(), mistake.value());

    // When
    List<String> faults = mistake.rule().faults(broken);

    // Then
    assertThat(faults).isNotEmpty();
  }

  @Test
  void everyRuleIsBrokenOnce() {
    // When
    Set<Rule> broken = mistakes().map(Mistake::rule).collect(Collectors.toSet());

    // Then
    assertThat(broken).containsExactlyInAnyOrder(Rule.values());
  }

  @Test
  void aSecretThatLacksAKeyIsFound() {
    // Given
    Manifests dev = Rendering.DEV.manifests();

    // When
    List<String> faults =
        Rule.SECRETS_ARE_WHOLE.faults(dev.with("Secret/switchboard-secrets", "/data/api-key", ""));

    // Then
    assertThat(faults).containsExactly("the Secret has no \"api-key\"");
  }

  @Test
  void twoNodesWithoutAClusterAreFound() {
    // Given
    Manifests dev = Rendering.DEV.manifests();

    // When
    List<String> faults =
        Rule.ENOUGH_STAY.faults(dev.with("StatefulSet/switchboard", "/spec/replicas", "2"));

    // Then
    assertThat(faults).containsExactly("2 nodes without a cluster");
  }
}
