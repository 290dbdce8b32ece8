package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A payload that does not fit the schema of its namespace is published by nobody.
class PayloadSchemaNodeTest {
  private static final String MISFIT =
      "bad request: /price: string found, number expected (order@2)";
  private static final JsonObject GOOD = of("price", 1.5);
  private static final JsonObject BAD = of("price", "dear");

  private static TestNode node;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("order.json"),
            """
            {"type": "object", "properties": {"price": {"type": "number"}}, "required": ["price"]}
            """);
    node =
        TestNode.start(
            Stream.concat(
                    Stream.of(
                        "schemas.files.0.name=order",
                        "schemas.files.0.version=2",
                        "schemas.files.0.file=" + file,
                        "schemas.payload_bytes_max=1000"),
                    Stream.of("plain", "kept").flatMap(PayloadSchemaNodeTest::options))
                .toArray(String[]::new));
  }

  private static Stream<String> options(String name) {
    boolean kept = name.equals("kept");
    return Stream.of(
            "publication_schema=order@2",
            "allow_subscribe_for_client=true",
            "allow_publish_for_client=true",
            "allow_history_for_client=true",
            "history_size=" + (kept ? 10 : 0),
            "history_ttl=" + (kept ? "1m" : "0s"))
        .map(set -> "channel.namespaces." + name + "." + set);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @CsvSource({"JSON, plain", "JSON, kept", "PROTOBUF, plain", "PROTOBUF, kept"})
  void aClientIsToldWhereItsPayloadDoesNotFit(Encoding encoding, String namespace) {
    // Given
    String name = namespace + ":" + encoding;
    try (var client = TestClient.connect(node, "alice", encoding)) {
      client.subscribe(name);

      // When
      JsonObject refused = client.publish(name, BAD);
      JsonObject empty = client.publish(name, new JsonObject());
      JsonObject taken = client.publish(name, GOOD);

      // Then
      assertThat(refused.getJsonObject("error")).isEqualTo(of("code", 107).put("message", MISFIT));
      assertThat(empty.getJsonObject("error").getString("message"))
          .isEqualTo("bad request: the payload: required property 'price' not found (order@2)");
      assertThat(error(taken)).isZero();
      assertThat(client.push().getJsonObject("pub").getJsonObject("data")).isEqualTo(GOOD);
      assertThat(client.isQuiet()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain:http", "kept:http"})
  void soIsAServiceOverHttp(String name) {
    // Given
    try (var client = TestClient.connect(node, "alice")) {
      client.subscribe(name);
      var key = name.startsWith("kept") ? of("idempotency_key", "one") : new JsonObject();
      var bad = channel(name).put("data", BAD).mergeIn(key);
      var good = channel(name).put("data", GOOD).mergeIn(key);

      // When
      JsonObject refused = api("publish", bad);
      JsonObject both =
          api("broadcast", of("channels", new JsonArray().add(name).add("news")).put("data", BAD));
      JsonObject batch =
          api(
              "batch",
              of("commands", new JsonArray().add(of("publish", bad)).add(of("publish", good))));
      int status =
          node.request(
                  HttpRequest.newBuilder(URI.create(node.internal() + "/api/publish"))
                      .header("X-API-Key", TestNode.API_KEY)
                      .header("X-Centrifugo-Error-Mode", "transport")
                      .POST(BodyPublishers.ofString(bad.encode())))
              .statusCode();

      // Then
      JsonObject misfit = of("error", of("code", 107).put("message", MISFIT));
      assertThat(refused).isEqualTo(misfit);
      JsonArray responses = both.getJsonObject("result").getJsonArray("responses");
      assertThat(responses.getJsonObject(0)).isEqualTo(misfit);
      assertThat(responses.getJsonObject(1).containsKey("result")).isTrue();
      JsonArray replies = batch.getJsonArray("replies");
      assertThat(replies.getJsonObject(0)).isEqualTo(misfit);
      assertThat(replies.getJsonObject(1).containsKey("publish")).isTrue();
      assertThat(status).isEqualTo(400);
      assertThat(client.push().getJsonObject("pub").getJsonObject("data")).isEqualTo(GOOD);
      assertThat(client.isQuiet()).isTrue();
    }
  }

  private static JsonObject api(String method, JsonObject request) {
    return new JsonObject(node.api(method, request.encode()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain:bus", "kept:bus"})
  void soIsAServiceOnTheBus(String name) {
    // Given
    var options = new DeliveryOptions().addHeader("switchboard-version", "1");
    var request = channel(name).put("data", BAD);

    // When
    var refused =
        catchThrowableOfType(
            ReplyException.class,
            () ->
                node.node()
                    .vertx()
                    .eventBus()
                    .request("switchboard.publish", request, options)
                    .await());

    // Then
    assertThat(refused.failureCode()).isEqualTo(107);
    assertThat(refused).hasMessage(MISFIT);
  }

  @Test
  void whatIsKeptFits() {
    // When
    api("publish", channel("kept:log").put("data", BAD));
    api("publish", channel("kept:log").put("data", GOOD));
    api("publish", channel("kept:log").put("b64data", "/w=="));

    // Then
    JsonArray log =
        api("history", channel("kept:log").put("limit", 10))
            .getJsonObject("result")
            .getJsonArray("publications");
    assertThat(log).hasSize(1);
    assertThat(log.getJsonObject(0).getJsonObject("data")).isEqualTo(GOOD);
  }

  @Test
  void refusalsAreCountedByTheirReason() {
    // Given
    double[] before = refusals();

    // When
    api("publish", channel("plain:counted").put("data", BAD));
    api("publish", channel("plain:counted").put("data", of("price", "x".repeat(1_000))));
    api("publish", channel("plain:counted").put("b64data", "/w=="));

    // Then
    double[] after = refusals();
    assertThat(after[0] - before[0]).isEqualTo(1);
    assertThat(after[1] - before[1]).isEqualTo(1);
    assertThat(after[2] - before[2]).isEqualTo(1);
  }

  private static double[] refusals() {
    return Stream.of("misfit", "too_long", "not_json")
        .mapToDouble(
            reason ->
                node.metric("switchboard_schema_refusals_total{reason=\"%s\"}".formatted(reason)))
        .toArray();
  }

  @Test
  void whereNoSchemaIsNamedNothingIsAsked() {
    try (var client = TestClient.connect(node, "alice")) {
      assertThat(error(client.publish("news", "anything"))).isZero();
    }
  }
}
