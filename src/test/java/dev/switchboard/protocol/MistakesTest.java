package dev.switchboard.protocol;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What servers of this protocol get wrong, as the tests of the SDKs see it: one test for each.
class MistakesTest {
  private static final int SERIAL = 50;

  private static TestNode node;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            "http.host=::",
            "channel.namespaces.kept.allow_subscribe_for_client=true",
            "channel.namespaces.kept.history_size=100",
            "channel.namespaces.kept.history_ttl=1m",
            "channel.namespaces.kept.force_recovery=true",
            "channel.namespaces.kept.allowed_delta_types=fossil",
            "channel.namespaces.kept.delta_publish=true");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @CsvSource({
    "centrifuge-json, centrifuge-json",
    "centrifuge-protobuf, centrifuge-protobuf",
    "'other, centrifuge-protobuf', centrifuge-protobuf",
    "'', ''"
  })
  void theSubprotocolIsEchoed(String offered, String echoed) {
    try (var raw = RawClient.open(node.port())) {
      // When
      raw.send(
          RawClient.handshake(
              node, offered.isEmpty() ? "" : "Sec-WebSocket-Protocol: " + offered + "\r\n"));

      // Then
      String head = raw.head().toLowerCase(Locale.ROOT);
      assertThat(head).startsWith("http/1.1 101 ");
      if (echoed.isEmpty()) {
        assertThat(head).doesNotContain("sec-websocket-protocol");
      } else {
        assertThat(head).contains("sec-websocket-protocol: " + echoed + "\r\n");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "[::1]", "localhost"})
  void everyAddressOfThisMachineIsListenedOn(String host) {
    // Given
    var address = URI.create(node.websocket().toString().replace("127.0.0.1", host));
    try (var client = TestClient.open(address)) {
      // Then
      assertThat(client.connect(node.token("alice")).containsKey("connect")).isTrue();
    }
  }

  @Test
  void payloadsAreNoBase64AndLongNumbersAreNumbers() {
    // Given
    try (var raw = RawClient.connect(node, "alice")) {
      raw.text("{\"id\":2,\"subscribe\":{\"channel\":\"kept:plain\"}}");
      raw.read();

      // When
      node.publish("kept:plain", "{\"n\":[1]}");

      // Then
      assertThat(raw.read().text())
          .contains("\"pub\":{\"data\":{\"n\":[1]}", "\"offset\":1")
          .doesNotContain("\"offset\":\"");
    }
  }

  @Test
  void emptyResultsAreThere() {
    // Given
    try (var raw = RawClient.connect(node, "alice")) {
      // When
      raw.text(
          """
          {"id":2,"unsubscribe":{"channel":"empty"}}
          {"id":3,"publish":{"channel":"empty","data":1}}
          {"id":4,"subscribe":{"channel":"empty"}}\
          """);

      // Then
      List<String> replies = new ArrayList<>();
      while (replies.size() < 3) {
        replies.addAll(raw.read().text().lines().toList());
      }
      assertThat(replies)
          .containsExactly(
              "{\"id\":2,\"unsubscribe\":{}}",
              "{\"id\":3,\"publish\":{}}",
              "{\"id\":4,\"subscribe\":{}}");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCallThatNobodyTakesIs108(Encoding encoding) {
    try (var client = TestClient.connect(node, "alice", encoding)) {
      assertThat(error(client.call("rpc", of("method", "any").put("data", 1)))).isEqualTo(108);
    }
  }

  @ParameterizedTest
  @EnumSource
  void patchesAreStringsInJsonOnly(Encoding encoding) {
    // Given
    String name = "kept:delta-" + encoding;
    String text = "a text that is long enough to be worth a patch, ".repeat(4);
    try (var client = TestClient.connect(node, "alice", encoding)) {
      client.call("subscribe", channel(name).put("delta", "fossil"));

      // When
      node.publish(name, of("text", text).encode());
      node.publish(name, of("text", text + "!").encode());

      // Then
      JsonObject whole = client.push().getJsonObject("pub");
      JsonObject patch = client.push().getJsonObject("pub");
      assertThat(whole.getValue("data"))
          .isEqualTo(encoding == Encoding.JSON ? of("text", text).encode() : of("text", text));
      assertThat(patch.getBoolean("delta")).isTrue();
      assertThat(patch.getValue("data")).isInstanceOf(String.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoRecoversIsToldTheOffsetItCameWith(Encoding encoding) {
    // Given
    String name = "kept:back-" + encoding;
    try (var client = TestClient.connect(node, "alice", encoding)) {
      String epoch = client.subscribe(name).getJsonObject("subscribe").getString("epoch");
      node.publish(name, "1");
      node.publish(name, "2");
      node.publish(name, "3");
      client.call("unsubscribe", channel(name));

      // When
      JsonObject back =
          client
              .call(
                  "subscribe",
                  channel(name).put("recover", true).put("epoch", epoch).put("offset", 1))
              .getJsonObject("subscribe");

      // Then
      assertThat(back.getBoolean("recovered")).isTrue();
      assertThat(back.getJsonArray("publications")).hasSize(2);
      assertThat(back.getLong("offset")).isEqualTo(1);
    }
  }

  @Test
  void code3000IsNoCloseFrame() {
    try (var raw = RawClient.connect(node, "cut")) {
      // When
      node.api("disconnect", "{\"user\":\"cut\",\"disconnect\":{\"code\":3000,\"reason\":\"x\"}}");

      // Then
      assertThat(raw.closeCode()).isEqualTo(RawClient.CUT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ordersAreForAllConnectionsOfAUser(Encoding encoding) {
    // Given
    String user = "twice-" + encoding;
    try (var one = TestClient.connect(node, user, encoding);
        var two = TestClient.connect(node, user, encoding)) {
      one.subscribe("news");
      two.subscribe("news");

      // When
      node.api("unsubscribe", channel("news").put("user", user).encode());
      node.api("disconnect", of("user", user).encode());

      // Then
      for (TestClient client : new TestClient[] {one, two}) {
        assertThat(client.push().getJsonObject("unsubscribe").getInteger("code")).isEqualTo(2000);
        assertThat(client.closed().code()).isEqualTo(3503);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"JSON, order", "JSON, kept:order", "PROTOBUF, order", "PROTOBUF, kept:order"})
  void publishesOfTheApiKeepTheirOrder(Encoding encoding, String prefix) {
    // Given
    String name = prefix + encoding;
    try (var client = TestClient.connect(node, "alice", encoding)) {
      client.subscribe(name);

      // When
      for (int number = 0; number < SERIAL; number++) {
        node.publish(name, Integer.toString(number));
      }

      // Then
      for (int number = 0; number < SERIAL; number++) {
        assertThat(client.push().getJsonObject("pub").getInteger("data")).isEqualTo(number);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoUnsubscribedIsNotPresent(Encoding encoding) {
    // Given
    String name = "room-" + encoding;
    try (var client = TestClient.connect(node, "alice", encoding)) {
      client.subscribe(name);
      await().until(() -> present(client, name) == 1);

      // When
      client.call("unsubscribe", channel(name));

      // Then
      await().until(() -> present(client, name) == 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoWentIsNotPresent(Encoding encoding) {
    // Given
    String name = "lobby-" + encoding;
    try (var client = TestClient.connect(node, "alice", encoding)) {
      try (var other = TestClient.connect(node, "bob", encoding)) {
        client.subscribe(name);
        other.subscribe(name);
        await().until(() -> present(client, name) == 2);
      }

      // Then
      await().until(() -> present(client, name) == 1);
    }
  }

  private static int present(TestClient client, String name) {
    return client
        .call("presence", channel(name))
        .getJsonObject("presence")
        .getJsonObject("presence", new JsonObject())
        .size();
  }
}
