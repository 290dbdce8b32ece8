package dev.switchboard.socket;

import static dev.switchboard.socket.StreamNode.next;
import static dev.switchboard.socket.StreamNode.publications;
import static dev.switchboard.socket.StreamNode.recover;
import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.stream.Position;
import dev.switchboard.testkit.TestClient;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What clients are told who subscribe to a stream, for the first time and again.
class RecoverTest {
  private static final Position NOWHERE = new Position("", 0);

  private final StreamNode node = new StreamNode();

  @AfterEach
  void stop() {
    node.close();
  }

  private static JsonObject subscribe(TestClient client, JsonObject parameters) {
    JsonObject reply = client.call("subscribe", parameters);
    assertThat(reply.containsKey("subscribe")).as(reply.encode()).isTrue();
    return reply.getJsonObject("subscribe");
  }

  private void publish(String channel, int from, int to) {
    for (int number = from; number <= to; number++) {
      node.publish(channel, number);
    }
  }

  private static void assertLost(JsonObject result, Position top) {
    assertThat(result.getBoolean("was_recovering", false)).isTrue();
    assertThat(result.getBoolean("recovered", false)).isFalse();
    assertThat(publications(result)).isEmpty();
    assertThat(result.getString("epoch")).isEqualTo(top.epoch());
    assertThat(result.getLong("offset")).isEqualTo(top.offset());
  }

  private static void assertRecovered(JsonObject result, long offset, String... publications) {
    assertThat(result.getBoolean("was_recovering", false)).isTrue();
    assertThat(result.getBoolean("recovered", false)).isTrue();
    assertThat(publications(result)).containsExactly(publications);
    assertThat(result.getLong("offset", 0L)).isEqualTo(offset);
  }

  @ParameterizedTest
  @EnumSource
  void aNewSubscriberIsToldItsPosition(Encoding encoding) {
    // Given
    publish("news", 1, 3);
    try (var client = node.connect(encoding)) {
      // When
      JsonObject result = subscribe(client, channel("news"));
      node.publish("news", 4);

      // Then
      var expected =
          new JsonObject()
              .put("recoverable", true)
              .put("epoch", node.top("news").epoch())
              .put("offset", 3)
              .put("positioned", true);
      assertThat(new JsonObject(result.encode())).isEqualTo(expected);
      assertThat(next(client)).isEqualTo("4:4");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChannelNobodyPublishedToHasAPositionToo(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding)) {
      // When
      JsonObject result = subscribe(client, channel("news"));
      node.publish("news", 1);

      // Then
      assertThat(result.getString("epoch")).isEqualTo(node.top("news").epoch());
      assertThat(result.containsKey("offset")).isFalse();
      assertThat(next(client)).isEqualTo("1:1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoComesBackGetsWhatItMissed(Encoding encoding) {
    // Given
    publish("news", 1, 4);
    var position = new Position(node.top("news").epoch(), 2);
    try (var client = node.connect(encoding)) {
      // When
      JsonObject result = subscribe(client, recover("news", position));
      node.publish("news", 5);

      // Then
      assertRecovered(result, 2, "3:3", "4:4");
      assertThat(next(client)).isEqualTo("5:5");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoMissedNothingRecoversNothing(Encoding encoding) {
    // Given
    publish("news", 1, 4);
    try (var client = node.connect(encoding)) {
      // When
      JsonObject result = subscribe(client, recover("news", node.top("news")));

      // Then
      assertRecovered(result, 4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyEpochMeansAny(Encoding encoding) {
    // Given
    publish("news", 1, 2);
    try (var client = node.connect(encoding)) {
      // When
      JsonObject result = subscribe(client, recover("news", NOWHERE));

      // Then
      assertRecovered(result, 0, "1:1", "2:2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsGoneIsNotRecoveredInPart(Encoding encoding) {
    // Given
    publish("news", 1, 4);
    var position = new Position(node.top("news").epoch(), 1);
    node.streams().trim("news", 2);
    try (var client = node.connect(encoding)) {
      // When
      JsonObject result = subscribe(client, recover("news", position));
      node.publish("news", 5);

      // Then
      assertLost(result, new Position(position.epoch(), 4));
      assertThat(next(client)).isEqualTo("5:5");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherEpochIsNotRecovered(Encoding encoding) {
    // Given
    publish("news", 1, 4);
    var position = new Position(node.top("news").epoch(), 1);
    node.streams().renew("news");
    publish("news", 5, 6);
    try (var client = node.connect(encoding)) {
      // When
      JsonObject result = subscribe(client, recover("news", position));

      // Then
      assertLost(result, node.top("news"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoWantsAllOrNothingIsRefused(Encoding encoding) {
    // Given
    publish("news", 1, 4);
    var position = new Position(node.top("news").epoch(), 1);
    node.streams().trim("news", 2);
    try (var client = node.connect(encoding)) {
      // When
      JsonObject reply = client.call("subscribe", recover("news", position).put("flag", 3));

      // Then
      assertThat(error(reply)).isEqualTo(112);
      assertThat(subscribe(client, channel("news")).getLong("offset")).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWatchedSubscriberDoesNotRecover(Encoding encoding) {
    // Given
    publish("position:x", 1, 4);
    var position = new Position(node.top("position:x").epoch(), 2);
    try (var client = node.connect(encoding)) {
      // When
      JsonObject result = subscribe(client, recover("position:x", position));

      // Then
      assertThat(result.getBoolean("positioned")).isTrue();
      assertThat(result.getBoolean("recoverable", false)).isFalse();
      assertThat(result.getBoolean("was_recovering", false)).isFalse();
      assertThat(result.getLong("offset")).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutPositioningThereIsNoPosition(Encoding encoding) {
    // Given
    publish("live:x", 1, 2);
    try (var client = node.connect(encoding)) {
      // When
      JsonObject result =
          subscribe(client, channel("live:x").put("positioned", true).put("recoverable", true));
      var third = node.append("live:x", 3);
      node.publish("live:x", 4);
      node.node().deliver(third);

      // Then
      assertThat(result.isEmpty()).as(result.encode()).isTrue();
      assertThat(List.of(next(client), next(client))).containsExactly("3:3", "4:4");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoMayReadHistoryMayAskForMore(Encoding encoding) {
    // Given
    publish("open:x", 1, 2);
    var start = new Position(node.top("open:x").epoch(), 1);
    try (var client = node.connect(encoding)) {
      // When
      JsonObject result = subscribe(client, recover("open:x", start).put("recoverable", true));

      // Then
      assertThat(result.getBoolean("recoverable")).isTrue();
      assertRecovered(result, 1, "2:2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCacheGivesTheNewest(Encoding encoding) {
    // Given
    publish("cache:x", 1, 3);
    try (var client = node.connect(encoding);
        var other = node.connect(encoding)) {
      // When
      JsonObject fresh = subscribe(client, channel("cache:x").put("recover", true));
      JsonObject again = subscribe(other, recover("cache:x", node.top("cache:x")));
      node.publish("cache:x", 4);

      // Then
      assertRecovered(fresh, 0, "3:3");
      assertRecovered(again, 3);
      assertThat(next(client)).isEqualTo("4:4");
      assertThat(next(other)).isEqualTo("4:4");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCacheWithoutItsNewestLostIt(Encoding encoding) {
    // Given
    publish("cache:x", 1, 3);
    node.streams().trim("cache:x", 0);
    try (var client = node.connect(encoding)) {
      // When
      JsonObject result = subscribe(client, channel("cache:x").put("recover", true));

      // Then
      assertLost(result, node.top("cache:x"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCacheMayGiveTheNewestUnasked(Encoding encoding) {
    // Given
    publish("auto:x", 1, 3);
    try (var client = node.connect(encoding)) {
      // When
      JsonObject result = subscribe(client, channel("auto:x"));

      // Then
      assertRecovered(result, 0, "3:3");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStreamThatCannotBeReadIsWorthAnotherTry(Encoding encoding) {
    // Given
    node.streams().fail(true);
    try (var client = node.connect(encoding)) {
      // When
      JsonObject refused = client.call("subscribe", channel("news"));
      node.streams().fail(false);
      JsonObject result = subscribe(client, channel("news"));

      // Then
      assertThat(error(refused)).isEqualTo(100);
      assertThat(refused.getJsonObject("error").getBoolean("temporary")).isTrue();
      assertThat(result.getBoolean("positioned")).isTrue();
    }
  }
}
