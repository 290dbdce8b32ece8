package dev.switchboard.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.StreamClient;
import dev.switchboard.testkit.StreamClient.Kind;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Clients that say who they are, and then only listen.
class UnidirectionalTest {
  private final TestNode node =
      TestNode.start(
          "http.uni_websocket.enabled=true",
          "http.uni_http_stream.enabled=true",
          "http.uni_sse.enabled=true",
          "client.ping_interval=1s",
          "client.pong_timeout=500ms",
          "client.channels_max=3",
          "channel.namespaces.closed.presence=true");

  @AfterEach
  void stop() {
    node.close();
  }

  private JsonObject connect(String... channels) {
    var subs = new JsonObject();
    for (String channel : channels) {
      subs.put(channel, new JsonObject());
    }
    return new JsonObject().put("token", node.token("alice")).put("subs", subs);
  }

  private StreamClient open(Kind kind, JsonObject connect) {
    return StreamClient.open(StreamClient.http(node), kind, connect);
  }

  /// What a client is told first.
  private static void assertConnected(JsonObject first, String... channels) {
    JsonObject connected = first.getJsonObject("connect");
    assertThat(connected).as(first.encode()).isNotNull();
    assertThat(connected.getString("client")).isNotEmpty();
    assertThat(connected.getInteger("ping")).isEqualTo(1);
    assertThat(connected.fieldNames()).doesNotContain("pong", "session", "node");
    assertThat(connected.getJsonObject("subs").fieldNames()).containsExactlyInAnyOrder(channels);
  }

  @ParameterizedTest
  @EnumSource(names = {"UNI_LINES", "UNI_EVENTS", "UNI_EVENTS_BY_POST"})
  void hearsPushes(Kind kind) {
    // Given
    try (var client = open(kind, connect("news", "sport"))) {
      // When
      assertConnected(client.next(), "news", "sport");
      node.publish("news", "[1]");

      // Then
      JsonObject push = client.next();
      assertThat(push.getString("channel")).isEqualTo("news");
      assertThat(push.getJsonObject("pub").getJsonArray("data").getInteger(0)).isEqualTo(1);
      assertThat(client.next()).isEqualTo(new JsonObject());
      assertThat(client.next()).as("without a pong").isEqualTo(new JsonObject());
      node.api("disconnect", "{\"user\":\"alice\"}");
      JsonObject last = client.next();
      while (last.isEmpty()) {
        last = client.next();
      }
      assertThat(last.getJsonObject("disconnect").getInteger("code")).isEqualTo(3503);
      assertThat(client.ended()).succeedsWithin(10, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNI_LINES", "UNI_EVENTS", "UNI_EVENTS_BY_POST"})
  void mustBeAllowedWhatItWantsToHear(Kind kind) {
    // Given
    try (var closed = open(kind, connect("news", "closed:news"));
        var many = open(kind, connect("a", "b", "c", "d"));
        var nobody = open(kind, new JsonObject())) {
      // Then
      assertThat(code(closed.next())).isEqualTo(3507);
      assertThat(code(many.next())).isEqualTo(3505);
      assertThat(code(nobody.next())).isEqualTo(3501);
    }
  }

  private static int code(JsonObject push) {
    assertThat(push.containsKey("disconnect")).as(push.encode()).isTrue();
    return push.getJsonObject("disconnect").getInteger("code");
  }

  @ParameterizedTest
  @EnumSource(names = {"UNI_LINES", "UNI_EVENTS", "UNI_EVENTS_BY_POST"})
  void anErrorIsTheEnd(Kind kind) {
    // Given
    var claims = new JsonObject().put("expire_at", Instant.now().getEpochSecond() - 60);
    String token = node.signer().sign("alice", Duration.ofHours(1), claims);
    var late = new JsonObject().put("token", token);

    // When
    try (var client = open(kind, late)) {
      // Then
      assertThat(code(client.next())).isEqualTo(3005);
    }
  }

  private URI webSocket(String query) {
    return URI.create("ws://127.0.0.1:" + node.port() + "/connection/uni_websocket" + query);
  }

  @Test
  void aWebSocketConnectsWithItsFirstMessage() {
    // Given
    try (var client = TestClient.open(webSocket(""))) {
      // When
      client.send(connect("news").encode());
      assertConnected(client.next(), "news");
      client.send("whatever");
      node.publish("news", "[1]");

      // Then
      assertThat(client.next().getString("channel")).isEqualTo("news");
    }
  }

  @Test
  void aWebSocketConnectsByItsAddress() {
    // Given
    String connect = URLEncoder.encode(connect("news").encode(), StandardCharsets.UTF_8);

    // When
    try (var client = TestClient.open(webSocket("?cf_connect=" + connect))) {
      // Then
      assertConnected(client.next(), "news");
    }
  }

  @Test
  void aWebSocketThatMayNotIsClosedWithACode() {
    // Given
    try (var client = TestClient.open(webSocket(""))) {
      // When
      client.send("{}");

      // Then
      assertThat(client.closed().code()).isEqualTo(3501);
    }
  }
}
