package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.StreamClient;
import dev.switchboard.testkit.StreamClient.Kind;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients without a WebSocket, on one node.
class HttpTransportsTest {
  private final TestNode node =
      TestNode.start(
          "http.http_stream.enabled=true",
          "http.sse.enabled=true",
          "client.allowed_origins=https://page.example",
          "client.ping_interval=1s",
          "client.pong_timeout=500ms",
          "client.stale_timeout=2s",
          "client.message_bytes_max=16KiB");
  private final URI here = StreamClient.http(node);

  @AfterEach
  void stop() {
    node.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"LINES", "PROTOBUF", "EVENTS", "EVENTS_BY_POST"})
  void aClientDoesWhatOneOfAWebSocketDoes(Kind kind) {
    // Given
    try (var client = StreamClient.connect(node, kind, "alice");
        var other = TestClient.connect(node, "bob")) {
      other.subscribe("news");

      // When
      JsonObject subscribed = client.call(here, "subscribe", channel("news"));
      other.publish("news", "for alice");
      JsonObject publication = client.next();
      JsonObject published = client.call(here, "publish", channel("news").put("data", "for bob"));

      // Then
      assertThat(subscribed.containsKey("subscribe")).as(subscribed.encode()).isTrue();
      assertThat(publication.getJsonObject("push").getJsonObject("pub").getString("data"))
          .isEqualTo("for alice");
      assertThat(published.containsKey("publish")).as(published.encode()).isTrue();
      assertThat(other.push().getJsonObject("pub").getString("data")).isEqualTo("for alice");
      assertThat(other.push().getJsonObject("pub").getString("data")).isEqualTo("for bob");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LINES", "PROTOBUF", "EVENTS", "EVENTS_BY_POST"})
  void commandsOfOneRequestAreCarriedOutInOrder(Kind kind) {
    // Given
    try (var client = StreamClient.connect(node, kind, "alice")) {
      // When
      int status =
          client.send(
              here,
              new JsonObject().put("id", 10).put("subscribe", channel("news")),
              new JsonObject().put("id", 11).put("publish", channel("news").put("data", 1)),
              new JsonObject().put("id", 12).put("unsubscribe", channel("news")));

      // Then
      assertThat(status).isEqualTo(204);
      assertThat(client.next().getInteger("id")).isEqualTo(10);
      assertThat(client.next().getJsonObject("push").getJsonObject("pub").getInteger("data"))
          .isEqualTo(1);
      assertThat(client.next().getInteger("id")).isEqualTo(11);
      assertThat(client.next().getInteger("id")).isEqualTo(12);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LINES", "PROTOBUF", "EVENTS", "EVENTS_BY_POST"})
  void theHeadKeepsProxiesFromHoldingItBack(Kind kind) {
    // Given
    try (var client = StreamClient.connect(node, kind, "alice")) {
      var head = client.response().headers();

      // Then
      assertThat(client.response().statusCode()).isEqualTo(200);
      assertThat(head.firstValue("cache-control").orElseThrow()).contains("no-cache");
      assertThat(head.firstValue("x-accel-buffering")).contains("no");
      assertThat(head.firstValue("content-encoding")).isEmpty();
      assertThat(head.firstValue("content-type").orElseThrow())
          .isEqualTo(
              switch (kind) {
                case LINES -> "application/json";
                case PROTOBUF -> "application/octet-stream";
                default -> "text/event-stream";
              });
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LINES", "PROTOBUF", "EVENTS", "EVENTS_BY_POST"})
  void aCloseIsAPushAndTheEnd(Kind kind) {
    // Given
    try (var client = StreamClient.connect(node, kind, "alice")) {
      // When
      node.api(
          "disconnect", "{\"user\":\"alice\",\"disconnect\":{\"code\":4321,\"reason\":\"so\"}}");

      // Then
      JsonObject disconnect = client.next().getJsonObject("push").getJsonObject("disconnect");
      assertThat(disconnect).isEqualTo(new JsonObject().put("code", 4321).put("reason", "so"));
      assertThat(client.ended()).succeedsWithin(10, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LINES", "PROTOBUF", "EVENTS", "EVENTS_BY_POST"})
  void code3000EndsWithoutAWord(Kind kind) {
    // Given
    try (var client = StreamClient.connect(node, kind, "alice")) {
      // When
      node.api("disconnect", "{\"user\":\"alice\",\"disconnect\":{\"code\":3000,\"reason\":\"\"}}");

      // Then
      assertThat(client.ended()).failsWithin(10, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LINES", "PROTOBUF", "EVENTS", "EVENTS_BY_POST"})
  void pingsWantPongs(Kind kind) {
    // Given
    try (var client = StreamClient.connect(node, kind, "alice")) {
      // When
      assertThat(client.next()).isEqualTo(new JsonObject());
      assertThat(client.send(here, new JsonObject())).isEqualTo(204);
      assertThat(client.next()).isEqualTo(new JsonObject());

      // Then
      assertThat(client.next().getJsonObject("push").getJsonObject("disconnect").getInteger("code"))
          .isEqualTo(3012);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LINES", "PROTOBUF", "EVENTS", "EVENTS_BY_POST"})
  void aBadConnectIsAnsweredAsOnAWebSocket(Kind kind) {
    // Given
    var expired = new JsonObject().put("token", "no.good.token");

    // When
    try (var client = StreamClient.open(here, kind, expired)) {
      // Then
      assertThat(client.next().getJsonObject("push").getJsonObject("disconnect").getInteger("code"))
          .isEqualTo(3500);
      assertThat(client.ended()).succeedsWithin(10, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LINES", "PROTOBUF", "EVENTS", "EVENTS_BY_POST"})
  void whoGoesIsGone(Kind kind) {
    // Given
    var client = StreamClient.connect(node, kind, "alice");
    client.call(here, "subscribe", channel("news"));

    // When
    client.close();

    // Then
    await()
        .until(
            () ->
                node.api("presence_stats", "{\"channel\":\"news\"}").contains("\"num_clients\":0"));
    await().until(() -> node.metric("switchboard_connections") == 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"LINES", "PROTOBUF", "EVENTS", "EVENTS_BY_POST"})
  void nobodySendsForOthers(Kind kind) {
    // Given
    try (var alice = StreamClient.connect(node, kind, "alice");
        var socket = TestClient.connect(node, "bob")) {
      var subscribe = new JsonObject().put("id", 5).put("subscribe", channel("news"));
      String id = socket.call("presence", channel("x")).encode();
      assertThat(id).isNotEmpty();

      // When
      int guessed = alice.send(here, alice.owner(), alice.guessedSession(), subscribe);
      int nonsense = alice.send(here, alice.owner(), "nonsense", subscribe);
      int nowhere = alice.send(here, "0123456789abcdef", alice.session(), subscribe);
      int noNode = alice.send(here, "node", alice.session(), subscribe);

      // Then
      assertThat(new int[] {guessed, nonsense, nowhere, noNode})
          .containsExactly(204, 204, 404, 404);
      JsonObject own = alice.call(here, "subscribe", channel("news"));
      assertThat(own.containsKey("subscribe")).as("not subscribed before").isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LINES", "PROTOBUF", "EVENTS", "EVENTS_BY_POST"})
  void aStrangeCommandEndsTheSession(Kind kind) {
    // Given
    try (var client = StreamClient.connect(node, kind, "alice")) {
      // When
      int status = client.send(here);

      // Then
      assertThat(status).isEqualTo(204);
      assertThat(client.next().getJsonObject("push").getJsonObject("disconnect").getInteger("code"))
          .isEqualTo(3501);
    }
  }

  private HttpResponse<String> request(String method, String path, String body, String... headers) {
    var request = HttpRequest.newBuilder(here.resolve(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return node.request(
        request.method(
            method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /connection/http_stream, '', 405",
    "PUT, /connection/sse, '', 405",
    "GET, /emulation, '', 405",
    "POST, /connection/http_stream, '', 400",
    "GET, /connection/sse, '', 400",
    "POST, /connection/sse, '', 400",
    "POST, /emulation, '', 400",
    "POST, /emulation, nonsense, 400",
    "POST, /emulation, {}, 404",
  })
  void whatIsNoRequestOfOursIsRefused(String method, String path, String body, int status) {
    assertThat(request(method, path, body).statusCode()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/connection/http_stream", "/connection/sse", "/emulation"})
  void aBodyIsAtMostAsLongAsAMessage(String path) {
    assertThat(request("POST", path, "x".repeat(16_385)).statusCode()).isEqualTo(413);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/connection/http_stream", "/connection/sse", "/emulation"})
  void pagesThatMayAreToldSo(String path) {
    // When
    var preflight =
        request(
            "OPTIONS",
            path,
            "",
            "Origin",
            "https://page.example",
            "Access-Control-Request-Method",
            "POST",
            "Access-Control-Request-Headers",
            "content-type, x-a");
    var foreign = request("OPTIONS", path, "", "Origin", "https://other.example");

    // Then
    assertThat(preflight.statusCode()).isEqualTo(204);
    assertThat(preflight.headers().map())
        .containsEntry("access-control-allow-origin", java.util.List.of("https://page.example"))
        .containsEntry("access-control-allow-credentials", java.util.List.of("true"))
        .containsEntry("access-control-allow-headers", java.util.List.of("content-type, x-a"));
    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(foreign.headers().firstValue("access-control-allow-origin")).isEmpty();
  }

  @Test
  void thoseWhoTalkStayWithinTheirLimits() {
    // Given
    try (var client = StreamClient.connect(node, Kind.LINES, "alice")) {
      JsonObject[] flood = new JsonObject[250];
      for (int i = 0; i < flood.length; i++) {
        flood[i] = new JsonObject().put("id", 100 + i).put("unsubscribe", channel("x"));
      }

      // When
      client.send(here, flood);

      // Then
      JsonObject next = client.next();
      while (!next.containsKey("error")) {
        next = client.next();
      }
      assertThat(next.getJsonObject("error").getInteger("code")).isEqualTo(111);
    }
  }
}
