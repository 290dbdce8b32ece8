package dev.switchboard.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import dev.switchboard.testkit.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The Helm chart: that it makes what the manifests make, and refuses what cannot work.
class ChartTest {
  private static final Pattern HASH = Pattern.compile("-[a-z0-9]{10}$");

  /// Labels only Helm gives, as it does to everything.
  private static final Set<String> LABELS =
      Set.of("helm.sh/chart", "app.kubernetes.io/managed-by", "app.kubernetes.io/version");

  @Test
  void helmHasNothingToSayAgainstIt() {
    // Given
    Helm helm = Rendering.helm();

    // When
    LintResult lint = helm.lint().strict().call();

    // Then
    assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
  }

  @Test
  void helmFindsATemplateThatUsesWhatIsNotThere(@TempDir Path folder) throws IOException {
    // Given
    Requirement.helm();
    Files.createDirectory(folder.resolve("templates"));
    Files.writeString(folder.resolve("Chart.yaml"), "{apiVersion: v2, name: a, version: 1.0.0}");
    Files.writeString(folder.resolve("templates/a.yaml"), "{{ .Values.one.two.three }}");

    // When
    LintResult lint = new Helm(folder).lint().strict().call();

    // Then
    assertThat(lint.isFailed()).isTrue();
  }

  @Test
  void itMakesWhatTheOverlayMakes() {
    // Given
    Map<String, JsonNode> overlay = comparable(Rendering.PRODUCTION.manifests());

    // When
    Map<String, JsonNode> chart = comparable(Rendering.CHART.manifests());

    // Then
    assertThat(chart).containsExactlyInAnyOrderEntriesOf(overlay);
  }

  @ParameterizedTest
  @CsvSource({
    "preStopSeconds, 6",
    "config.node.connections_max, 10000",
    "networkPolicy.enabled, false",
    "podDisruptionBudget.maxUnavailable, 2",
    "autoscaling.connections, 9000",
    "autoscaling.connections, 9k"
  })
  void aDifferenceToTheOverlayIsSeen(String key, String value) {
    // Given
    Map<String, JsonNode> overlay = comparable(Rendering.PRODUCTION.manifests());

    // When
    String rendered = Rendering.chart().set(key, value).call();

    // Then
    assertThat(comparable(Manifests.parse(rendered))).isNotEqualTo(overlay);
  }

  @Test
  void whatIsOffByDefaultIsWhatTheComponentsMake() {
    // Given
    Map<String, JsonNode> components = comparable(Rendering.EVERYTHING.manifests());
    components.remove("Ingress/switchboard");

    // When
    Map<String, JsonNode> chart = comparable(Rendering.CHART_WITH_ALL.manifests());

    // Then
    assertThat(chart).containsExactlyInAnyOrderEntriesOf(components);
  }

  @Test
  void anotherReleaseHasOtherNamesAndStillKeepsTheRules() {
    // Given
    var command = Rendering.helm().template().withName("chat");

    // When
    Manifests manifests = Manifests.parse(command.withNamespace("default").call());

    // Then
    assertThat(manifests.objects())
        .allSatisfy(one -> assertThat(Manifests.nameOf(one)).startsWith("chat-switchboard"));
    assertThat(Rule.values())
        .allSatisfy(rule -> assertThat(rule.faults(manifests)).as(rule.name()).isEmpty());
  }

  @Test
  void aFixedNumberOfNodesKeepsTheRules() {
    // When
    String rendered = Rendering.chart().set("autoscaling.enabled", false).call();

    // Then
    Manifests manifests = Manifests.parse(rendered);
    assertThat(manifests.has("HorizontalPodAutoscaler")).isFalse();
    assertThat(Workload.of(manifests).spec().path("replicas").asInt()).isEqualTo(3);
    assertThat(Rule.values())
        .allSatisfy(rule -> assertThat(rule.faults(manifests)).as(rule.name()).isEmpty());
  }

  @Test
  void whatMayBeSetIsKnownToKubernetes() {
    // When
    String rendered =
        Rendering.chart()
            .set("service.type", "LoadBalancer")
            .set("service.externalTrafficPolicy", "Local")
            .set("service.annotations.zone", "any")
            .set("priorityClassName", "high")
            .set("podAnnotations.mesh", "no")
            .set("nodeSelector.disk", "none")
            .set("tolerations[0].operator", "Exists")
            .set("extraEnv[0].name", "SWITCHBOARD_LOG__LEVEL")
            .set("extraEnv[0].value", "debug")
            .set("image.pullSecrets[0].name", "registry")
            .set("networkPolicy.nodesFrom[0].podSelector.matchLabels.app", "bus")
            .set("networkPolicy.clientsFrom[0].podSelector.matchLabels.app", "gateway")
            .call();

    // Then
    Manifests manifests = Manifests.parse(rendered);
    assertThat(Rule.FIELDS_EXIST.faults(manifests)).isEmpty();
    assertThat(DeployedConfig.of(manifests).log().level()).hasToString("DEBUG");
    assertThat(rendered)
        .contains("externalTrafficPolicy: Local", "app: bus", "app: gateway", "disk: none");
  }

  @Test
  void aLongerDrainWithTheGraceItNeedsIsTaken() {
    // When
    String rendered =
        Rendering.chart()
            .set("config.node.drain_period", "5m")
            .set("terminationGracePeriodSeconds", 340)
            .call();

    // Then
    assertThat(Rule.GRACE_COVERS_THE_DRAIN.faults(Manifests.parse(rendered))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          terminationGracePeriodSeconds | 94     | 30 s to stop are 95
          config.node.drain_period      | 2m     | 30 s to stop are 155
          config.node.drain_period      | slowly | allowed is a time
          replica                       | 3      | replica
          image.tag                     | latest | tag
          replicas                      | none   | replicas
          podDisruptionBudget.maxUnavailable | 0 | maxUnavailable
          networkPolicy.internalFrom    | {}     | internalFrom
          """)
  void whatCannotWorkIsRefused(String key, String value, String reason) {
    // Given
    var command = Rendering.chart().set(key, value);

    // When
    var rendering = assertThatThrownBy(command::call);

    // Then
    rendering.hasMessageContaining(reason);
  }

  /// Objects by kind and name, without what only one of both tools adds.
  private static Map<String, JsonNode> comparable(Manifests manifests) {
    var byId = new TreeMap<String, JsonNode>();
    for (JsonNode object : manifests.objects()) {
      ObjectNode copy = object.deepCopy();
      ObjectNode metadata = (ObjectNode) copy.path("metadata");
      metadata.remove("namespace");
      if (metadata.path("labels") instanceof ObjectNode labels) {
        labels.remove(LABELS);
      }
      switch (copy.path("kind").asText()) {
        case "ConfigMap" -> configuration(copy, metadata);
        case "StatefulSet" -> pods(copy);
        default -> {}
      }
      byId.put(Manifests.idOf(copy), copy);
    }
    return byId;
  }

  /// The configuration counts, not how it is written; its name has a hash in one of both.
  private static void configuration(ObjectNode map, ObjectNode metadata) {
    metadata.remove("labels");
    metadata.put("name", HASH.matcher(Manifests.nameOf(map)).replaceFirst(""));
    ObjectNode files = (ObjectNode) map.path("data");
    files.properties().stream()
        .toList()
        .forEach(file -> files.set(file.getKey(), Manifests.tree(file.getValue().asText())));
  }

  private static void pods(ObjectNode set) {
    ObjectNode metadata = (ObjectNode) set.at("/spec/template/metadata");
    metadata.remove("annotations");
    ArrayNode variables = (ArrayNode) set.at("/spec/template/spec/containers/0/env");
    List<JsonNode> sorted =
        Workload.items(variables)
            .sorted(Comparator.comparing(variable -> variable.path("name").asText()))
            .toList();
    variables.removeAll();
    variables.addAll(sorted);
    for (JsonNode volume : set.at("/spec/template/spec/volumes")) {
      if (volume.path("configMap") instanceof ObjectNode map) {
        map.put("name", HASH.matcher(map.path("name").asText()).replaceFirst(""));
      }
    }
  }
}
