package dev.switchboard.socket;

import static dev.switchboard.socket.StreamNode.next;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.feed.StreamEnvelope;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.protocol.Publication;
import dev.switchboard.routing.Inbox;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.wire.SocketLoop;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What subscribers of a stream get when publications come late, in disorder or not at all.
class StreamDeliveryTest {
  private static final int LONG_SILENCE_MILLIS = 40_000;

  private final StreamNode node = new StreamNode();

  @BeforeEach
  void publishSomething() {
    node.publish("news", 1);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private static int unsubscribed(TestClient client) {
    JsonObject push = client.push();
    assertThat(push.containsKey("unsubscribe")).as(push.encode()).isTrue();
    return push.getJsonObject("unsubscribe").getInteger("code");
  }

  @ParameterizedTest
  @EnumSource
  void disorderIsPutInOrder(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding)) {
      client.subscribe("news");
      var second = node.append("news", 2);
      var third = node.append("news", 3);

      // When
      node.node().deliver(third);
      node.node().deliver(second);
      node.node().deliver(third);
      node.publish("news", 4);

      // Then
      assertThat(List.of(next(client), next(client), next(client)))
          .containsExactly("2:2", "3:3", "4:4");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHoleIsFilledFromTheLogInOneRead(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding);
        var other = node.connect(encoding)) {
      client.subscribe("news");
      other.subscribe("news");
      int before = node.streams().reads();
      node.append("news", 2);
      node.append("news", 3);

      // When
      node.publish("news", 4);

      // Then
      for (var one : List.of(client, other)) {
        assertThat(List.of(next(one), next(one), next(one))).containsExactly("2:2", "3:3", "4:4");
      }
      assertThat(node.streams().reads()).isEqualTo(before + 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHoleThatIsGoneEndsTheSubscription(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding);
        var live = node.connect(encoding)) {
      client.subscribe("news");
      live.subscribe("live:x");
      for (String channel : List.of("news", "live:x")) {
        node.append(channel, 2);
        var late = node.append(channel, 3);
        node.streams().trim(channel, 1);

        // When
        node.node().deliver(late);
      }

      // Then
      assertThat(unsubscribed(client)).isEqualTo(2500);
      assertThat(next(live)).as("who is not watched goes on").isEqualTo("2:3");
      assertThat(client.subscribe("news").getJsonObject("subscribe").getLong("offset"))
          .isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHoleThatIsGoneClosesWhoTheServerSubscribed(Encoding encoding) {
    // Given
    try (var client = node.node().connecting(encoding, new JsonObject(), "bob", "news")) {
      client.next();
      node.append("news", 2);
      var late = node.append("news", 3);
      node.streams().trim("news", 1);

      // When
      node.node().deliver(late);

      // Then
      assertThat(client.closed().code()).isEqualTo(3010);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherEpochEndsTheSubscription(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding);
        var live = node.connect(encoding)) {
      client.subscribe("news");
      live.subscribe("live:x");
      for (String channel : List.of("news", "live:x")) {
        node.streams().renew(channel);

        // When
        node.publish(channel, 2);
      }

      // Then
      assertThat(unsubscribed(client)).isEqualTo(2500);
      assertThat(next(live)).isEqualTo("1:2");
    }
  }

  @Test
  void aPublicationOfAnEpochBeforeIsNotDelivered() {
    // Given
    var stale = node.append("news", 2);
    node.streams().renew("news");
    try (var client = node.connect(Encoding.JSON)) {
      client.subscribe("news");

      // When
      node.node().deliver(stale);
      node.publish("news", 3);

      // Then
      assertThat(next(client)).isEqualTo("1:3");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCheckFindsWhatGotLostWithoutATrace(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding)) {
      client.subscribe("news");
      node.append("news", 2);

      // When
      node.node().onLoop(Inbox::check);

      // Then
      assertThat(next(client)).isEqualTo("2:2");
    }
  }

  @Test
  void aCheckThatFailsIsRepeated() {
    // Given
    try (var client = node.connect(Encoding.JSON)) {
      client.subscribe("news");
      node.append("news", 2);
      node.streams().fail(true);
      node.node().onLoop(Inbox::check);

      // When
      node.streams().fail(false);

      // Then
      assertThat(next(client)).isEqualTo("2:2");
    }
  }

  @Test
  void aCheckLooksAtEveryStream() {
    // Given
    try (var client = node.connect(Encoding.JSON)) {
      for (int number = 0; number < 100; number++) {
        client.subscribe("news" + number);
        node.append("news" + number, number);
      }

      // When
      node.node().onLoop(Inbox::check);

      // Then
      for (int number = 0; number < 100; number++) {
        assertThat(client.push().containsKey("pub")).isTrue();
      }
    }
  }

  @Test
  void aSilentStreamIsLookedAt() {
    // Given
    try (var client = node.connect(Encoding.JSON)) {
      client.subscribe("news");
      node.append("news", 2);
      int before = node.streams().reads();
      node.node().onLoop(inbox -> inbox.onTick(SocketLoop.nowMillis()));
      int soon = node.streams().reads();

      // When
      node.node().onLoop(inbox -> inbox.onTick(SocketLoop.nowMillis() + LONG_SILENCE_MILLIS));

      // Then
      assertThat(soon).isEqualTo(before);
      assertThat(next(client)).isEqualTo("2:2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotKeptIsDeliveredAsItComes(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding)) {
      client.subscribe("news");
      byte[] data = "7".getBytes(StandardCharsets.UTF_8);

      // When
      node.node()
          .deliver(
              new StreamEnvelope(
                  "news",
                  new StreamEnvelope.Kept(
                      node.top("news").epoch(), Publication.of(data, null), false),
                  System.nanoTime()));
      node.publish("news", 2);

      // Then
      assertThat(List.of(next(client), next(client))).containsExactly("0:7", "2:2");
    }
  }
}
