package dev.switchboard.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.auth.SubscriptionTerms.Option;
import dev.switchboard.testkit.Contract;
import dev.switchboard.testkit.ProjectFiles;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds `src/docs/openapi.yaml` and the HTTP API to each other: what one says the other does.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
  private static final String BODY = "/requestBody/content/application~1json";
  private static final String ANSWER = "/responses/200/content/application~1json";
  private static final Pattern READ =
      Pattern.compile(
          "\\b(?:text|requiredText|texts|number|flag|nested|objects|has|second|read)"
              + "\\((?:\\w+, )?\"([a-z0-9_]+)\"[,)]");
  private static final Pattern READ_IN_BASE64_TOO =
      Pattern.compile("\\b(?:bytes|json)\\((?:\\w+, )?\"([a-z0-9_]+)\"");

  private static final JsonNode DOCUMENT = Contract.OPENAPI.read();

  private final TestNode node =
      TestNode.start(
          "events.enabled=true",
          "client.ping_interval=1h",
          "channel.namespaces.orders.history_size=10",
          "channel.namespaces.orders.history_ttl=1h");
  private final TestClient alice = TestClient.connect(node, "alice");
  private final TestClient bob = TestClient.connect(node, "bob");

  OpenApiTest() {
    bob.subscribe("news");
  }

  @AfterAll
  void stop() {
    bob.close();
    alice.close();
    node.close();
  }

  /// An example of a request.
  ///
  /// @param path such as `/api/publish`
  private record Example(String path, String name, JsonNode request) {
    /// What the document says of the answer.
    JsonNode answer() {
      return operation(path).at(ANSWER + "/examples/" + name + "/value");
    }

    boolean succeeds() {
      return !answer().has("error");
    }

    @Override
    public String toString() {
      return path + " " + name;
    }
  }

  private static JsonNode operation(String path) {
    return DOCUMENT.get("paths").get(path).get("post");
  }

  private static Stream<String> paths() {
    List<String> paths = new ArrayList<>();
    DOCUMENT.get("paths").fieldNames().forEachRemaining(paths::add);
    return paths.stream().filter(path -> path.startsWith("/api"));
  }

  /// Without what ends the node that all tests call.
  private static Stream<String> harmless() {
    return paths().filter(path -> !path.equals("/api/drain"));
  }

  private static Stream<Example> examples() {
    return harmless().flatMap(OpenApiTest::examples);
  }

  private static Stream<Example> examples(String path) {
    List<Example> examples = new ArrayList<>();
    operation(path)
        .at(BODY + "/examples")
        .properties()
        .forEach(
            example ->
                examples.add(new Example(path, example.getKey(), example.getValue().get("value"))));
    return examples.stream();
  }

  private static Stream<Example> errors() {
    return examples().filter(example -> !example.succeeds());
  }

  private static Stream<Example> successes() {
    return examples().filter(Example::succeeds);
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(node.internal() + path));
  }

  private HttpRequest.Builder post(String path, String body) {
    return to(path).header("X-API-Key", TestNode.API_KEY).POST(BodyPublishers.ofString(body));
  }

  /// Calls as an example does; before each alice is subscribed to what the examples say she is.
  private HttpResponse<String> call(String path, JsonNode body, String... headers) {
    node.api("unsubscribe", "{\"user\":\"alice\"}");
    alice.subscribe("news");
    var request = post(path, body.toString());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return node.request(request);
  }

  private static List<String> breaches(String path, String place, String json) {
    return Contract.OPENAPI.breaches(
        "/paths/" + path.replace("/", "~1") + "/post" + place + "/schema", json);
  }

  @Test
  void theMethodsAreThoseOfTheServer() {
    // When
    Set<String> methods =
        paths()
            .filter(path -> !path.equals("/api"))
            .map(path -> path.substring("/api/".length()))
            .collect(Collectors.toSet());

    // Then
    assertThat(methods).isEqualTo(ApiCalls.names());
    assertThat(methods)
        .allSatisfy(
            name ->
                assertThat(operation("/api/" + name).get("operationId").asText()).isEqualTo(name));
  }

  @Test
  void aBatchCanAnswerEveryMethodButItself() {
    // Given
    JsonNode schemas = DOCUMENT.at("/components/schemas");

    // When
    JsonNode replies = schemas.at("/BatchReplies/items/properties");

    // Then
    var expected = new TreeSet<>(ApiCalls.names());
    expected.remove("batch");
    expected.add("error");
    assertThat(replies.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(expected);
    for (String name : expected) {
      JsonNode result =
          name.equals("error")
              ? schemas.at("/Answer/properties/error")
              : result(operation("/api/" + name).at(ANSWER + "/schema"));
      assertThat(replies.get(name)).as(name).isEqualTo(result);
    }
  }

  private static JsonNode result(JsonNode answer) {
    JsonNode schema =
        answer.has("$ref") ? Contract.OPENAPI.resolve(answer.get("$ref").asText()) : answer;
    return schema.at("/properties/result");
  }

  @ParameterizedTest
  @MethodSource("paths")
  void thereAreExamplesOfSuccessAndOfErrors(String path) {
    // When
    JsonNode answers = operation(path).at(ANSWER + "/examples");

    // Then
    assertThat(answers).anyMatch(answer -> !answer.get("value").has("error"));
    assertThat(answers).anyMatch(answer -> answer.get("value").has("error"));
    for (JsonNode answer : answers) {
      assertThat(breaches(path, ANSWER, answer.get("value").toString())).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theServerAnswersAsTheExampleSays(Example example) {
    // When
    HttpResponse<String> answer = call(example.path(), example.request());

    // Then
    JsonNode body = Contract.tree(answer.body());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(breaches(example.path(), ANSWER, answer.body())).as(answer.body()).isEmpty();
    assertThat(body.get("error")).isEqualTo(example.answer().get("error"));
    if (example.succeeds()) {
      assertThat(breaches(example.path(), BODY, example.request().toString())).isEmpty();
      assertThat(names(resultOf(body))).isEqualTo(names(resultOf(example.answer())));
      assertThat(outcomes(body)).isEqualTo(outcomes(example.answer()));
    }
  }

  /// The result; of a batch it is the whole answer.
  private static JsonNode resultOf(JsonNode answer) {
    return answer.has("result") ? answer.get("result") : answer;
  }

  private static Set<String> names(JsonNode object) {
    var names = new TreeSet<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> outcomes(JsonNode answer) {
    List<String> outcomes = new ArrayList<>();
    for (JsonNode delivery : answer.at("/result/deliveries")) {
      outcomes.add(delivery.get("outcome").asText() + " " + delivery.path("reason").asText());
    }
    return outcomes;
  }

  @ParameterizedTest
  @MethodSource("successes")
  void whatTheDocumentDoesNotNameIsIgnored(Example example) {
    // Given
    ObjectNode request = example.request().deepCopy();
    request.putObject("undocumented").putArray("a").add(1);

    // When
    JsonNode answer = Contract.tree(call(example.path(), request).body());

    // Then
    assertThat(answer.has("error")).as(answer.toString()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("errors")
  void inTransportModeAnErrorIsOneOfTheStatuses(Example example) {
    // When
    HttpResponse<String> answer =
        call(example.path(), example.request(), "X-Centrifugo-Error-Mode", "transport");

    // Then
    if (example.path().equals("/api")) {
      assertThat(answer.statusCode()).isEqualTo(200);
      return;
    }
    JsonNode error = example.answer().get("error");
    assertThat(Contract.tree(answer.body())).isEqualTo(error);
    assertThat(answer.statusCode())
        .isEqualTo(
            switch (error.get("code").asInt()) {
              case 102 -> 404;
              case 107, 108 -> 400;
              case 112 -> 416;
              default -> 0;
            });
    JsonNode response =
        operation(example.path()).get("responses").get(Integer.toString(answer.statusCode()));
    assertThat(Contract.OPENAPI.resolve(response.get("$ref").asText()).get("content").fieldNames())
        .toIterable()
        .contains(answer.headers().firstValue("content-type").orElseThrow());
  }

  /// A parameter of a method, and an example that has it.
  ///
  /// @param place its names from the outside in
  private record Parameter(List<String> place, JsonNode schema, Example example) {
    String name() {
      return place.getLast();
    }

    @Override
    public String toString() {
      return example.path() + " " + String.join(".", place);
    }
  }

  private static Stream<Parameter> parameters() {
    return paths()
        .flatMap(path -> parameters(path, operation(path).at(BODY + "/schema"), List.of()));
  }

  private static Stream<Parameter> parameters(String path, JsonNode schema, List<String> outer) {
    if (schema.has("$ref")) {
      return parameters(path, Contract.OPENAPI.resolve(schema.get("$ref").asText()), outer);
    }
    return schema.path("properties").properties().stream()
        .flatMap(
            property -> {
              var place = new ArrayList<>(outer);
              place.add(property.getKey());
              var parameter = new Parameter(place, property.getValue(), example(path, place));
              return Stream.concat(
                  Stream.of(parameter), parameters(path, property.getValue(), place));
            });
  }

  private static Example example(String path, List<String> place) {
    return examples(path)
        .filter(Example::succeeds)
        .filter(example -> !example.request().at("/" + String.join("/", place)).isMissingNode())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no example of " + path + " has " + place));
  }

  private static Stream<Parameter> typedParameters() {
    return parameters().filter(parameter -> wrong(parameter.schema()) != null);
  }

  /// A value of another type than the schema says; null where it says none.
  private static JsonNode wrong(JsonNode schema) {
    JsonNode typed =
        schema.has("$ref") ? Contract.OPENAPI.resolve(schema.get("$ref").asText()) : schema;
    return wrong(typed.path("type").asText());
  }

  private static JsonNode wrong(String type) {
    return switch (type) {
      case "string", "array", "object" -> JsonNodeFactory.instance.numberNode(7);
      case "integer", "boolean" -> JsonNodeFactory.instance.textNode("x");
      case "" -> null;
      default -> throw new AssertionError(type);
    };
  }

  @ParameterizedTest
  @MethodSource("typedParameters")
  void theServerReadsEveryParameterOfTheDocument(Parameter parameter) {
    // Given
    ObjectNode request = parameter.example().request().deepCopy();
    ObjectNode holder = request;
    for (String outer : parameter.place().subList(0, parameter.place().size() - 1)) {
      holder = (ObjectNode) holder.get(outer);
    }
    holder.set(parameter.name(), wrong(parameter.schema()));

    // When
    String answer = call(parameter.example().path(), request).body();

    // Then
    assertThat(answer).contains("\"code\":107", "bad request: `" + parameter.name() + "` must be ");
  }

  @Test
  void theDocumentNamesEveryParameterThatTheServerReads() {
    // Given
    var sources = ProjectFiles.files("src/main/java/dev/switchboard/api", ".java");

    // When
    var read = Contract.named(READ, sources).collect(Collectors.toCollection(TreeSet::new));
    Contract.named(READ_IN_BASE64_TOO, sources)
        .forEach(name -> read.addAll(Set.of(name, "b64" + name)));
    // These the server goes through by their enum.
    Arrays.stream(Option.values()).map(Option::label).forEach(read::add);

    // Then
    var documented = parameters().map(Parameter::name).collect(Collectors.toSet());
    assertThat(read).containsExactlyInAnyOrderElementsOf(documented);
  }

  @ParameterizedTest
  @MethodSource("harmless")
  void aMethodDoesNotReadTheParametersOfOthers(String path) {
    // Given
    Example example = examples(path).findFirst().orElseThrow();
    var foreign = parameters().map(Parameter::name).collect(Collectors.toCollection(TreeSet::new));
    foreign.removeAll(Contract.OPENAPI.members(operation(path).at(BODY + "/schema")));

    // Then
    for (String name : foreign) {
      for (JsonNode wrong : List.of(wrong("string"), wrong("integer"))) {
        ObjectNode request = example.request().deepCopy();
        request.set(name, wrong);
        assertThat(node.request(post(path, request.toString())).body())
            .doesNotContain("`" + name + "` must be");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("paths")
  void nobodyGetsInWithoutAKey(String path) {
    // When
    HttpResponse<String> answer = node.request(to(path).POST(BodyPublishers.ofString("{}")));

    // Then
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).isEmpty();
    assertThat(operation(path).get("responses").has("401")).isTrue();
  }

  @ParameterizedTest
  @MethodSource("paths")
  void whatIsNoJsonIsAText(String path) {
    // When
    HttpResponse<String> answer = node.request(post(path, "nonsense"));

    // Then
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain; charset=utf-8");
    assertThat(operation(path).at("/responses/400/$ref").asText()).endsWith("/Mistaken");
  }

  @ParameterizedTest
  @MethodSource("paths")
  void onlyPostIsAllowed(String path) {
    // When
    HttpResponse<String> answer = node.request(to(path).GET());

    // Then
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("allow")).hasValue("POST");
    assertThat(DOCUMENT.get("paths").get(path).has("get")).isFalse();
  }
}
