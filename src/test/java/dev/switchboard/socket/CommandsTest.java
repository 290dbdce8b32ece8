package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandsTest {
  private final TestNode node =
      TestNode.start(
          "client.channels_max=5", "client.commands_per_second=1", "client.commands_burst=20");

  @AfterAll
  void stop() {
    node.close();
  }

  @Test
  void whatIsNotBuiltOrConfiguredIsNotAvailable() {
    try (var client = TestClient.connect(node, "alice")) {
      // When
      JsonObject rpc = client.call("rpc", of("method", "a").put("data", 1));
      JsonObject history = client.call("history", channel("a"));

      // Then
      assertThat(rpc.getJsonObject("error"))
          .isEqualTo(new JsonObject("{\"code\":108,\"message\":\"not available\"}"));
      assertThat(error(history)).isEqualTo(108);
    }
  }

  @Test
  void sendHasNobodyToGoTo() {
    try (var client = TestClient.connect(node, "alice")) {
      // When
      client.send("{\"send\":{\"data\":1}}");

      // Then
      assertThat(client.closed()).isEqualTo(new TestClient.Close(3508, "not available"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "[]",
        "{\"id\":5}",
        "{\"id\":5,\"unknown\":{}}",
        "{\"id\":5,\"ping\":{}}",
        "{\"id\":-1,\"rpc\":{}}",
        "{\"id\":4294967296,\"rpc\":{}}",
        "{\"id\":5,\"publish\":{\"data\":1}}",
        "{\"id\":5,\"presence\":{}}",
        "{\"id\":5,\"refresh\":{}}",
        "{\"id\":5,\"sub_refresh\":{}}",
        "{\"id\":5,\"subscribe\":{\"channel\":7}}",
        "{\"id\":5,\"rpc\":{}}{\"id\":6,\"rpc\":{}}",
        "{\"id\":5,\"rpc\":{}}\n\n{"
      })
  void garbageIsABreach(String text) {
    try (var client = TestClient.connect(node, "alice")) {
      // When
      client.send(text);

      // Then
      assertThat(client.closed()).isEqualTo(new TestClient.Close(3501, "bad request"));
    }
  }

  @Test
  void commandsOfOneFrameAreAnsweredInOrder() {
    try (var client = TestClient.connect(node, "alice")) {
      // When
      client.send(
          """
          {"id":11,"subscribe":{"channel":"a"}}
          {"id":12,"publish":{"channel":"a","data":1}}
          {"id":13,"unsubscribe":{"channel":"a"}}
          {"id":14,"publish":{"channel":"a","data":2}}
          {"id":15,"rpc":{}}\
          """);

      // Then
      assertThat(client.next().getInteger("id")).isEqualTo(11);
      assertThat(client.push().getJsonObject("pub").getInteger("data")).isEqualTo(1);
      assertThat(client.next().getInteger("id")).isEqualTo(12);
      assertThat(client.next().getInteger("id")).isEqualTo(13);
      assertThat(client.next().getInteger("id")).isEqualTo(14);
      assertThat(client.next().getInteger("id")).isEqualTo(15);
    }
  }

  @Test
  void aBreachEndsTheRestOfItsFrame() {
    try (var client = TestClient.connect(node, "alice");
        var other = TestClient.connect(node, "bob")) {
      // Given
      other.subscribe("a");

      // When
      client.send(
          "{\"id\":2,\"publish\":{\"channel\":\"a\",\"data\":1}}\n{\"send\":{}}\n"
              + "{\"id\":3,\"publish\":{\"channel\":\"a\",\"data\":2}}");

      // Then
      assertThat(client.closed().code()).isEqualTo(3508);
      node.publish("a", "3");
      assertThat(other.push().getJsonObject("pub").getInteger("data")).isEqualTo(1);
      assertThat(other.push().getJsonObject("pub").getInteger("data")).isEqualTo(3);
    }
  }

  @Test
  void aClientHoldsSoManyChannelsAndNoMore() {
    try (var client = TestClient.connect(node, "alice")) {
      // Given
      IntStream.range(0, 5).forEach(n -> client.subscribe("c" + n));

      // When
      JsonObject over = client.subscribe("c5");
      client.call("unsubscribe", channel("c0"));
      JsonObject again = client.subscribe("c5");

      // Then
      assertThat(error(over)).isEqualTo(106);
      assertThat(error(again)).isZero();
    }
  }

  @Test
  void whoIsTooFastIsToldAndThenClosed() {
    try (var client = TestClient.connect(node, "alice")) {
      // When
      int[] refused =
          IntStream.range(0, 30).map(_ -> error(client.call("presence", channel("a")))).toArray();
      IntStream.range(0, 20)
          .forEach(n -> client.trySend("{\"id\":%d,\"rpc\":{}}".formatted(100 + n)));

      // Then
      assertThat(IntStream.of(refused).limit(20)).containsOnly(0);
      assertThat(IntStream.of(refused).skip(25)).containsOnly(111);
      assertThat(client.closed()).isEqualTo(new TestClient.Close(3013, "too many requests"));
    }
  }

  @Test
  void anErrorThatPassesSaysSo() {
    try (var client = TestClient.connect(node, "alice")) {
      // Given
      IntStream.range(0, 22).forEach(_ -> client.call("presence", channel("a")));

      // When
      JsonObject refused = client.call("presence", channel("a"));

      // Then
      assertThat(refused.getJsonObject("error"))
          .isEqualTo(
              new JsonObject(
                  "{\"code\":111,\"message\":\"too many requests\",\"temporary\":true}"));
    }
  }
}
