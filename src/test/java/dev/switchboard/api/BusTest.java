package dev.switchboard.api;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BusTest {
  private final TestNode node = TestNode.start("api.body_bytes_max=1000");
  private final EventBus bus = node.node().vertx().eventBus();

  @AfterAll
  void stop() {
    node.close();
  }

  private static DeliveryOptions version(String version) {
    return new DeliveryOptions().setSendTimeout(5_000).addHeader("switchboard-version", version);
  }

  private JsonObject ask(String method, Object body) {
    return bus.<JsonObject>request("switchboard." + method, body, version("1")).await().body();
  }

  private ReplyException refusal(String method, Object body, DeliveryOptions options) {
    return catchThrowableOfType(
        ReplyException.class,
        () -> bus.<JsonObject>request("switchboard." + method, body, options).await());
  }

  private double counted(String method, String outcome) {
    return node.metric(
        "switchboard_api_requests_total{door=\"bus\",method=\"%s\",outcome=\"%s\"}"
            .formatted(method, outcome));
  }

  @Test
  void aServiceReachesSubscribersSessionsAndUsers() {
    try (var client = TestClient.open(node)) {
      // Given
      String id = client.connectTo(node, "alice");
      client.subscribe("news");
      var written = new JsonArray().add(of("client", id).put("outcome", "written"));

      // When
      JsonObject published = ask("publish", channel("news").put("data", of("n", 1)));
      JsonObject all = ask("broadcast", of("channels", new JsonArray().add("news")).put("data", 2));
      JsonObject sent = ask("send", of("user", "alice").put("data", "hi"));
      JsonObject given = ask("subscribe", of("user", "alice").put("channel", "given"));
      JsonObject taken = ask("unsubscribe", of("client", id).put("channel", "given"));
      JsonObject fresh = ask("refresh", of("client", id));
      JsonObject closed = ask("disconnect", of("user", "alice"));

      // Then
      assertThat(published).isEqualTo(new JsonObject());
      assertThat(all).isEqualTo(of("responses", new JsonArray().add(of("result", published))));
      assertThat(new JsonObject[] {sent, given, taken, fresh, closed})
          .containsOnly(of("deliveries", written));
      assertThat(client.push().getJsonObject("pub")).isEqualTo(of("data", of("n", 1)));
      assertThat(client.push().getJsonObject("pub")).isEqualTo(of("data", 2));
      assertThat(client.push()).isEqualTo(of("message", of("data", "hi")));
      assertThat(client.closed().code()).isEqualTo(3503);
    }
  }

  @Test
  void aServiceSeesWhoIsThere() {
    try (var client = TestClient.connect(node, "bob")) {
      // Given
      client.subscribe("room");

      // Then
      assertThat(ask("presence", channel("room")).encode()).contains("\"user\":\"bob\"");
      assertThat(ask("presence_stats", channel("room")))
          .isEqualTo(of("num_clients", 1).put("num_users", 1));
      assertThat(ask("channels", of("pattern", "room")))
          .isEqualTo(of("channels", of("room", of("num_clients", 1))));
      assertThat(ask("info", null).getJsonArray("nodes")).hasSize(1);
    }
  }

  @Test
  void aBufferOfTheSameJsonIsTakenByteForByte() {
    try (var client = TestClient.connect(node, "carol")) {
      // Given
      client.subscribe("exact");

      // When
      ask("publish", Buffer.buffer("{\"channel\":\"exact\",\"data\":[1, 2]}"));

      // Then
      assertThat(client.push().getJsonObject("pub")).isEqualTo(of("data", new JsonArray("[1,2]")));
    }
  }

  @Test
  void aMistakeIsAReplyExceptionWithTheCodeOfTheApi() {
    // When
    var unknown = refusal("publish", channel("no:such").put("data", 1), version("1"));
    var history = refusal("history", channel("a"), version("1"));

    // Then
    assertThat(unknown.failureType()).isEqualTo(ReplyFailure.RECIPIENT_FAILURE);
    assertThat(unknown.failureCode()).isEqualTo(102);
    assertThat(unknown).hasMessage("unknown channel");
    assertThat(history.failureCode()).isEqualTo(108);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "2", "1.0", "v1"})
  void anotherVersionIsRefused(String version) {
    // When
    var other = refusal("info", new JsonObject(), version(version));
    var none = refusal("info", new JsonObject(), new DeliveryOptions());

    // Then
    assertThat(other.failureCode()).isEqualTo(107);
    assertThat(other).hasMessage("bad request: the header `switchboard-version` must be 1");
    assertThat(none.failureCode()).isEqualTo(107);
  }

  @Test
  void whatIsNoBodyOfTheApiIsRefused() {
    // Given
    var big = channel("a").put("data", "x".repeat(1_000));

    // Then
    assertThat(refusal("info", "{}", version("1")))
        .hasMessage("bad request: the body must be a JsonObject or a Buffer");
    assertThat(refusal("info", Buffer.buffer("[]"), version("1")))
        .hasMessage("bad request: the body must be one JSON object");
    var fits = channel("a").put("data", "x".repeat(900));
    var commands = new JsonArray().add(of("publish", fits)).add(of("publish", fits));
    assertThat(ask("batch", of("commands", commands)).getJsonArray("replies")).hasSize(2);
    for (Object body : new Object[] {big, big.toBuffer()}) {
      assertThat(refusal("publish", body, version("1")))
          .hasMessage("bad request: the body is over api.body_bytes_max, 1000 bytes");
    }
  }

  @Test
  void withoutAReplyAddressACallIsCarriedOutAndCounted() {
    try (var client = TestClient.connect(node, "dave")) {
      // Given
      client.subscribe("quiet");
      double failed = counted("send", "107");

      // When
      bus.send("switchboard.send", new JsonObject(), version("1"));
      bus.send("switchboard.publish", channel("quiet").put("data", 1), version("1"));

      // Then
      assertThat(client.push().getJsonObject("pub")).isEqualTo(of("data", 1));
      await().until(() -> counted("send", "107") == failed + 1);
    }
  }

  @Test
  void aPublishedMessageIsNotCarriedOut() {
    try (var client = TestClient.connect(node, "erin")) {
      // Given
      client.subscribe("once");
      double refused = counted("publish", "107");

      // When
      bus.publish("switchboard.publish", channel("once").put("data", 1), version("1"));
      await().until(() -> counted("publish", "107") == refused + 1);
      node.publish("once", "2");

      // Then
      assertThat(client.push().getJsonObject("pub")).isEqualTo(of("data", 2));
    }
  }

  @Test
  void callsOfOneSenderStayInOrder() {
    try (var client = TestClient.connect(node, "frank")) {
      // Given
      client.subscribe("ordered");

      // When
      for (int n = 0; n < 50; n++) {
        bus.send("switchboard.publish", channel("ordered").put("data", n), version("1"));
      }

      // Then
      for (int n = 0; n < 50; n++) {
        assertThat(client.push().getJsonObject("pub").getInteger("data")).isEqualTo(n);
      }
    }
  }

  @Test
  void theAddressesMayBeOff() {
    try (var closed = TestNode.start("bus.public=false")) {
      // When
      var nobody =
          catchThrowableOfType(
              ReplyException.class,
              () ->
                  closed
                      .node()
                      .vertx()
                      .eventBus()
                      .<JsonObject>request("switchboard.info", new JsonObject(), version("1"))
                      .await());

      // Then
      assertThat(nobody.failureType()).isEqualTo(ReplyFailure.NO_HANDLERS);
    }
  }
}
