package dev.switchboard.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.cluster.NodeState;
import dev.switchboard.testkit.Contract;
import dev.switchboard.testkit.ProjectFiles;
import dev.switchboard.testkit.TestCluster;
import dev.switchboard.testkit.TestNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What the internal port answers to who asks with GET, and what `src/docs/openapi.yaml` says of
/// it.
class DocumentRoutesTest {
  private static final JsonNode PATHS = Contract.OPENAPI.read().get("paths");
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.of(2);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static List<String> paths() {
    List<String> paths = new ArrayList<>();
    PATHS.fieldNames().forEachRemaining(paths::add);
    paths.removeIf(path -> !PATHS.get(path).has("get"));
    return paths;
  }

  private static JsonNode content(String path) {
    JsonNode answer = PATHS.get(path).at("/get/responses/200");
    return (answer.has("$ref") ? Contract.OPENAPI.resolve(answer.get("$ref").asText()) : answer)
        .get("content");
  }

  @ParameterizedTest
  @MethodSource("paths")
  void theNodeAnswersAsTheDocumentSays(String path) {
    // When
    HttpResponse<String> answer = cluster.node(0).get(path);

    // Then
    String type = answer.headers().firstValue("content-type").orElseThrow();
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(content(path).fieldNames()).toIterable().contains(type);
    if (type.equals("application/json")) {
      JsonNode schema = content(path).get(type).get("schema");
      String pointer = schema.get("$ref").asText().substring(1);
      assertThat(Contract.OPENAPI.breaches(pointer, answer.body())).as(answer.body()).isEmpty();
    }
  }

  @Test
  void thePeersOfTheDocumentAreThere() {
    // When
    JsonNode routes = Contract.tree(cluster.node(0).get("/debug/routes").body());

    // Then
    assertThat(routes.get("peers")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void theDocumentsAreServedAsTheyAre(Contract document) {
    // When
    HttpResponse<String> answer =
        cluster.node(0).get("/" + document.path().getFileName().toString());

    // Then
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/yaml");
    assertThat(answer.body()).isEqualTo(ProjectFiles.text(document.path()));
  }

  @Test
  void theStatesAreThoseOfNodes() {
    // When
    JsonNode states =
        Contract.OPENAPI.read().at("/components/schemas/Health/properties/state/enum");

    // Then
    assertThat(states)
        .extracting(JsonNode::asText)
        .containsExactlyElementsOf(
            Arrays.stream(NodeState.values())
                .map(state -> state.name().toLowerCase(Locale.ROOT))
                .toList());
  }

  @Test
  void aNodeOfItsOwnHasNoRoutes() {
    try (var alone = TestNode.start("metrics.enabled=false")) {
      // Then
      assertThat(alone.get("/debug/routes").statusCode()).isEqualTo(404);
      assertThat(alone.get("/metrics").statusCode()).isEqualTo(404);
      assertThat(alone.get("/openapi.yaml").statusCode()).isEqualTo(200);
    }
  }
}
