package dev.switchboard.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.testkit.ProjectFiles;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds everything that can be deployed to the rules, as it is rendered.
class ManifestsTest {
  private static final Path ADAPTER = Path.of("k8s/examples/prometheus-adapter.yaml");

  @ParameterizedTest
  @MethodSource("everything")
  void theManifestsKeep(Rendering rendering, Rule rule) {
    // Given
    Manifests manifests = rendering.manifests();

    // When
    List<String> faults = rule.faults(manifests);

    // Then
    assertThat(faults).isEmpty();
  }

  static Stream<Arguments> everything() {
    return Arrays.stream(Rendering.values())
        .flatMap(
            rendering -> Arrays.stream(Rule.values()).map(rule -> Arguments.of(rendering, rule)));
  }

  @Test
  void productionBringsNoSecretOfItsOwn() {
    // When
    Manifests manifests = Rendering.EVERYTHING.manifests();

    // Then
    assertThat(manifests.has("Secret")).isFalse();
  }

  @Test
  void aChangedConfigurationHasAnotherNameSoThatPodsRoll() {
    // When
    String name = Manifests.nameOf(Rendering.PRODUCTION.manifests().the("ConfigMap"));

    // Then
    assertThat(name).matches("switchboard-config-[a-z0-9]{10}");
    assertThat(name).isNotEqualTo(Manifests.nameOf(Rendering.BASE.manifests().the("ConfigMap")));
  }

  @Test
  void aRouteMayHaveNoTimeOfItsOwn() {
    // When
    JsonNode route = Rendering.EVERYTHING.manifests().the("HTTPRoute");

    // Then
    assertThat(route.at("/spec/rules/0/timeouts/request").asText()).isEqualTo("0s");
  }

  @Test
  void theAutoscalerGetsItsMetricsFromTheAdapter() {
    // Given
    JsonNode scaler = Rendering.PRODUCTION.manifests().the("HorizontalPodAutoscaler");

    // When
    JsonNode rules = Manifests.tree(ProjectFiles.text(ADAPTER)).at("/rules/custom");

    // Then
    Set<String> made =
        Workload.items(rules).map(rule -> rule.at("/name/as").asText()).collect(Collectors.toSet());
    assertThat(Workload.items(scaler.at("/spec/metrics")))
        .extracting(metric -> metric.at("/pods/metric/name").asText())
        .containsExactlyInAnyOrderElementsOf(made);
  }
}
