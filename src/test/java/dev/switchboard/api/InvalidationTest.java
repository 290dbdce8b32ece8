package dev.switchboard.api;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a service says when it ends what clients have, and where it lets them begin.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InvalidationTest {
  private final TestNode node =
      TestNode.start(
          "channel.namespaces.orders.history_size=10", "channel.namespaces.orders.history_ttl=1h");

  @AfterAll
  void stop() {
    node.close();
  }

  private JsonObject call(String method, JsonObject body) {
    return new JsonObject(node.api(method, body.encode()));
  }

  @ParameterizedTest
  @CsvSource({
    "0, '', 2000, server unsubscribe",
    "2000, '', 2000, server unsubscribe",
    "2100, '', 2100, ",
    "2100, bye, 2100, bye",
    "2502, '', 2502, state invalidated",
    "2502, begin anew, 2502, begin anew",
    "2999, '', 2999, "
  })
  void aServiceSaysWhyASubscriptionEnds(int code, String reason, int told, String text) {
    try (var client = TestClient.connect(node, "alice")) {
      // Given
      client.subscribe("news");
      var order = of("user", "alice").put("channel", "news");

      // When
      call("unsubscribe", order.put("code", code).put("reason", reason));

      // Then
      var expected = of("code", told);
      if (text != null) {
        expected.put("reason", text);
      }
      assertThat(client.push()).isEqualTo(channel("news").put("unsubscribe", expected));
      assertThat(client.subscribe("news").containsKey("subscribe")).isTrue();
    }
  }

  @Test
  void theCodeIsSaidOfEveryChannel() {
    try (var client = TestClient.connect(node, "bob")) {
      // Given
      client.subscribe("a");
      client.subscribe("b");

      // When
      call("unsubscribe", of("user", "bob").put("code", 2502));

      // Then
      var codes =
          IntStream.range(0, 2)
              .mapToObj(_ -> client.push().getJsonObject("unsubscribe").getInteger("code"))
              .toList();
      assertThat(codes).isEqualTo(List.of(2502, 2502));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, 1999, 3000, 5000})
  void unlawfulCodesEndNothing(int code) {
    try (var client = TestClient.connect(node, "carol")) {
      // Given
      client.subscribe("news");

      // When
      var answer = call("unsubscribe", of("user", "carol").put("code", code));

      // Then
      assertThat(error(answer)).isEqualTo(107);
      assertThat(error(client.subscribe("news"))).isEqualTo(105);
    }
  }

  @Test
  void aReasonFitsACloseFrame() {
    // When
    var fits = of("user", "nobody").put("reason", "x".repeat(123));
    var tooLong = of("user", "nobody").put("reason", "x".repeat(124));

    // Then
    assertThat(error(call("unsubscribe", fits))).isZero();
    assertThat(error(call("unsubscribe", tooLong))).isEqualTo(107);
    assertThat(error(call("disconnect", of("user", "nobody").put("disconnect", tooLong))))
        .isEqualTo(107);
  }

  @ParameterizedTest
  @CsvSource({"3014, state invalidated", "3011, force reconnect", "3503, force disconnect"})
  void aCodeOfTheProtocolHasItsReason(int code, String reason) {
    try (var client = TestClient.connect(node, "dave")) {
      // When
      call("disconnect", of("user", "dave").put("disconnect", of("code", code)));

      // Then
      assertThat(client.closed()).isEqualTo(new TestClient.Close(code, reason));
    }
  }

  private JsonObject give(String user, String channel, JsonObject since) {
    return call("subscribe", of("user", user).put("channel", channel).put("recover_since", since));
  }

  @Test
  void aSubscriberBeginsWhereTheServiceSays() {
    try (var client = TestClient.connect(node, "erin")) {
      // Given
      IntStream.rangeClosed(1, 3).forEach(n -> node.publish("orders:1", Integer.toString(n)));
      var end = call("history", channel("orders:1")).getJsonObject("result");

      // When
      give("erin", "orders:1", of("offset", 1).put("epoch", end.getString("epoch")));
      node.publish("orders:1", "4");

      // Then
      JsonObject told = client.push().getJsonObject("subscribe");
      assertThat(told.getBoolean("recoverable")).isTrue();
      assertThat(told.getLong("offset")).isEqualTo(1);
      assertThat(told.getString("epoch")).isEqualTo(end.getString("epoch"));
      for (int offset = 2; offset <= 4; offset++) {
        JsonObject publication = client.push().getJsonObject("pub");
        assertThat(publication.getInteger("offset")).isEqualTo(offset);
        assertThat(publication.getInteger("data")).isEqualTo(offset);
      }
    }
  }

  @Test
  void whatCannotBeRecoveredIsNotRecoveredInPart() {
    try (var client = TestClient.connect(node, "frank")) {
      // Given
      IntStream.rangeClosed(1, 3).forEach(n -> node.publish("orders:2", Integer.toString(n)));

      // When
      give("frank", "orders:2", of("offset", 1).put("epoch", "another"));
      node.publish("orders:2", "4");

      // Then
      assertThat(client.push().getJsonObject("subscribe").getLong("offset")).isEqualTo(3);
      assertThat(client.push().getJsonObject("pub").getInteger("data")).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @CsvSource({"news, 0", "orders:3, -1"})
  void aPlaceThatThereCannotBeIsRefused(String channel, int offset) {
    assertThat(error(give("grace", channel, of("offset", offset)))).isEqualTo(107);
  }

  @Test
  void nullIsTheSameAsNone() {
    try (var client = TestClient.connect(node, "heidi")) {
      // Given
      client.subscribe("news");

      // When
      var order =
          of("user", "heidi")
              .put("client", null)
              .put("channel", "given")
              .put("recover_since", null)
              .put("expire_at", null);
      var nobody = call("disconnect", of("user", null));
      var page = call("presence", channel("news").put("limit", null));

      // Then
      assertThat(call("subscribe", order).containsKey("result")).isTrue();
      assertThat(client.push().getString("channel")).isEqualTo("given");
      assertThat(error(nobody)).isEqualTo(107);
      assertThat(page.containsKey("result")).isTrue();
    }
  }

  @Test
  void nullIsNoStringOfMany() {
    // Given
    var publication = of("data", 1);
    var none = new JsonArray().addNull();

    // Then
    assertThat(error(call("broadcast", publication.copy().put("channels", none)))).isEqualTo(107);
    assertThat(error(call("publish", publication.put("channel", "a").put("tags", of("a", null)))))
        .isEqualTo(107);
    assertThat(error(call("disconnect", of("user", "nobody").put("whitelist", none))))
        .isEqualTo(107);
  }
}
