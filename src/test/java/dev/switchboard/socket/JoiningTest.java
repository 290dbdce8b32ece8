package dev.switchboard.socket;

import static dev.switchboard.socket.StreamNode.next;
import static dev.switchboard.socket.StreamNode.publications;
import static dev.switchboard.socket.StreamNode.recover;
import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.auth.SubscriptionTerms;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.protocol.Publication;
import dev.switchboard.routing.Delivery;
import dev.switchboard.routing.Order;
import dev.switchboard.routing.Recipient;
import dev.switchboard.routing.RouteKey;
import dev.switchboard.stream.Position;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.wire.SocketLoop;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What happens while a subscriber of a stream waits for the log.
class JoiningTest {
  private static final Recipient ALICE = new Recipient.User("alice");

  private final StreamNode node = new StreamNode();

  @AfterEach
  void stop() {
    node.close();
  }

  private static String subscribe(int id, JsonObject parameters) {
    return of("id", id).put("subscribe", parameters).encode();
  }

  private static JsonObject reply(TestClient client, int id, String kind) {
    JsonObject reply = client.next();
    assertThat(reply.getInteger("id")).as(reply.encode()).isEqualTo(id);
    assertThat(reply.containsKey(kind)).as(reply.encode()).isTrue();
    return reply.getJsonObject(kind);
  }

  private List<Delivery> tell(Order order) {
    return ClaimedNode.done(node.node().router().tell(ALICE, order));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsPublishedDuringTheReadComesBehindTheReplyOnce(Encoding encoding) {
    // Given
    node.publish("news", 1);
    var early = node.append("news", 2);
    var position = new Position(node.top("news").epoch(), 0);
    try (var client = node.connect(encoding)) {
      node.streams().hold();
      client.send(subscribe(2, recover("news", position)));
      node.awaitReads(1);
      node.publish("news", 3);
      node.node().deliver(early);
      node.publish("news", 4);

      // When
      node.streams().release();

      // Then
      assertThat(publications(reply(client, 2, "subscribe"))).containsExactly("1:1", "2:2");
      assertThat(List.of(next(client), next(client))).containsExactly("3:3", "4:4");
      node.publish("news", 5);
      assertThat(next(client)).isEqualTo("5:5");
    }
  }

  /// An SDK gives up after 5 s. What came after that, as an answer, it would not hear, but it would
  /// count on from what comes behind it.
  @ParameterizedTest
  @EnumSource
  void whoWaitsTooLongIsToldSo(Encoding encoding) {
    // Given
    node.publish("news", 1);
    var position = new Position(node.top("news").epoch(), 0);
    try (var client = node.connect(encoding)) {
      node.streams().hold();
      client.send(subscribe(2, recover("news", position)));
      node.awaitReads(1);
      int began = SocketLoop.nowMillis();

      // When
      node.node().onLoop(inbox -> inbox.onTick(began + 1_500));
      node.node().onLoop(inbox -> inbox.onTick(began + 2_500));

      // Then
      assertThat(reply(client, 2, "error").getInteger("code")).isEqualTo(100);
      node.streams().release();
      node.publish("news", 2);
      client.send(subscribe(3, recover("news", position)));
      assertThat(publications(reply(client, 3, "subscribe"))).containsExactly("1:1", "2:2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatOthersAreGivenDuringTheReadIsNotMissed(Encoding encoding) {
    // Given
    try (var bob = node.connect(encoding);
        var client = node.connect(encoding)) {
      bob.subscribe("news");
      node.publish("news", 1);
      node.streams().hold();
      client.send(subscribe(2, channel("news")));
      node.awaitReads(1);
      node.publish("news", 2);
      node.publish("news", 3);

      // When
      node.streams().release();

      // Then
      assertThat(reply(client, 2, "subscribe").getLong("offset")).isEqualTo(1);
      assertThat(List.of(next(client), next(client))).containsExactly("2:2", "3:3");
      assertThat(List.of(next(bob), next(bob), next(bob))).containsExactly("1:1", "2:2", "3:3");
      node.publish("news", 4);
      assertThat(next(client)).isEqualTo("4:4");
      assertThat(next(bob)).isEqualTo("4:4");
    }
  }

  @Test
  void whoReadMoreThanTheOthersHaveGetsNothingTwice() {
    // Given
    try (var bob = node.connect(Encoding.JSON);
        var client = node.connect(Encoding.JSON)) {
      bob.subscribe("news");
      var first = node.append("news", 1);

      // When
      JsonObject result = client.subscribe("news").getJsonObject("subscribe");
      node.node().deliver(first);
      node.publish("news", 2);

      // Then
      assertThat(result.getLong("offset")).isEqualTo(1);
      assertThat(next(client)).isEqualTo("2:2");
      assertThat(List.of(next(bob), next(bob))).containsExactly("1:1", "2:2");
    }
  }

  @Test
  void whoIsNewGoesInWhereTheOthersAre() {
    // Given
    try (var bob = node.connect(Encoding.JSON);
        var client = node.connect(Encoding.JSON)) {
      bob.subscribe("news");
      node.streams().hold();
      client.send(subscribe(2, channel("news")));
      node.awaitReads(1);
      int before = node.streams().reads();
      publishMany("news");

      // When
      node.streams().release();

      // Then
      assertThat(reply(client, 2, "subscribe").getLong("offset")).isEqualTo(300);
      node.publish("news", 301);
      assertThat(next(client)).isEqualTo("301:301");
      assertThat(node.streams().reads()).isEqualTo(before);
    }
  }

  private void publishMany(String channel) {
    for (int number = 1; number <= 300; number++) {
      node.publish(channel, number);
    }
  }

  @Test
  void theLogIsReadAgainForWhoRecoversWhileTooMuchHappens() {
    // Given
    try (var bob = node.connect(Encoding.JSON);
        var client = node.connect(Encoding.JSON)) {
      bob.subscribe("news");
      node.streams().hold();
      client.send(subscribe(2, recover("news", node.top("news"))));
      node.awaitReads(1);
      publishMany("news");

      // When
      node.streams().release();

      // Then
      JsonObject result = reply(client, 2, "subscribe");
      assertThat(result.getBoolean("recovered", false)).as("the first read had it").isFalse();
      assertThat(result.getLong("offset")).isEqualTo(300);
      node.publish("news", 301);
      assertThat(next(client)).isEqualTo("301:301");
    }
  }

  @Test
  void anEpochThatEndsDuringTheReadIsNotMixedWithTheNext() {
    // Given
    try (var bob = node.connect(Encoding.JSON);
        var client = node.connect(Encoding.JSON)) {
      bob.subscribe("news");
      node.streams().hold();
      client.send(subscribe(2, channel("news")));
      node.awaitReads(1);
      node.streams().renew("news");
      node.publish("news", 1);

      // When
      node.streams().release();

      // Then
      reply(client, 2, "subscribe");
      for (var one : List.of(bob, client)) {
        assertThat(one.push().getJsonObject("unsubscribe").getInteger("code")).isEqualTo(2500);
      }
    }
  }

  @Test
  void aSubscriberWhoFindsAnotherEpochTellsTheOthers() {
    // Given
    try (var bob = node.connect(Encoding.JSON);
        var client = node.connect(Encoding.JSON)) {
      bob.subscribe("news");
      node.streams().renew("news");

      // When
      JsonObject result = client.subscribe("news").getJsonObject("subscribe");

      // Then
      assertThat(result.getString("epoch")).isEqualTo(node.top("news").epoch());
      assertThat(bob.push().getJsonObject("unsubscribe").getInteger("code")).isEqualTo(2500);
      node.publish("news", 1);
      assertThat(next(client)).isEqualTo("1:1");
    }
  }

  @Test
  void whoWantsNoPositionWaitsForNoLogWhereOthersFollowIt() {
    // Given
    try (var bob = node.connect(Encoding.JSON);
        var client = node.connect(Encoding.JSON)) {
      bob.subscribe("live:x");
      int before = node.streams().reads();

      // When
      client.subscribe("live:x");
      node.publish("live:x", 1);

      // Then
      assertThat(node.streams().reads()).isEqualTo(before);
      assertThat(List.of(next(bob), next(client))).containsExactly("1:1", "1:1");
    }
  }

  @Test
  void whoLeavesDuringTheReadLeavesNothingBehind() {
    // Given
    node.streams().hold();
    var client = node.connect(Encoding.JSON);
    client.send(subscribe(2, channel("news")));
    node.awaitReads(1);

    // When
    client.abort();
    await().until(() -> node.node().held() == 0);
    node.streams().release();

    // Then
    try (var other = node.connect(Encoding.JSON)) {
      other.subscribe("news");
      node.publish("news", 1);
      assertThat(next(other)).isEqualTo("1:1");
    }
    await().until(() -> node.node().held() == 0);
  }

  @ParameterizedTest
  @EnumSource
  void commandsBehindTheSubscribeWaitForIt(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding)) {
      node.streams().hold();
      client.send(
          subscribe(2, channel("news"))
              + "\n"
              + of("id", 3).put("unsubscribe", channel("news")).encode()
              + "\n"
              + subscribe(4, channel("off:x")));
      node.awaitReads(1);

      // When
      node.streams().release();

      // Then
      reply(client, 2, "subscribe");
      reply(client, 3, "unsubscribe");
      reply(client, 4, "subscribe");
      node.publish("news", 1);
      client.subscribe("off:y");
      assertThat(client.isQuiet()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theApiEndsASubscriptionDuringTheReadBehindItsReply(Encoding encoding) {
    // Given
    try (var client = node.connect(encoding)) {
      node.streams().hold();
      client.send(subscribe(2, channel("news")));
      node.awaitReads(1);

      // When
      var outcomes = tell(Order.Unsubscribe.byServer("news"));
      node.streams().release();

      // Then
      assertThat(outcomes.getFirst().outcome()).isEqualTo(Delivery.Outcome.WRITTEN);
      reply(client, 2, "subscribe");
      assertThat(client.push().getJsonObject("unsubscribe").getInteger("code")).isEqualTo(2000);
      client.send(subscribe(3, channel("news")));
      assertThat(reply(client, 3, "subscribe").getBoolean("positioned")).isTrue();
    }
  }

  @Test
  void theApiEndsASubscriptionBeforeItsClaimIsConfirmed() {
    // Given
    try (var claimed =
            new ClaimedNode(
                "channel.without_namespace.history_size=10",
                "channel.without_namespace.history_ttl=1m");
        var client = claimed.connected("alice")) {
      client.send(subscribe(2, channel("news")));
      claimed.awaitClaim(new RouteKey.Channel("news"));

      // When
      ClaimedNode.done(claimed.router().tell(ALICE, Order.Unsubscribe.byServer("news")));

      // Then
      reply(client, 2, "subscribe");
      assertThat(client.push().getJsonObject("unsubscribe").getInteger("code")).isEqualTo(2000);
      assertThat(claimed.held()).isEqualTo(1);
      assertThat(claimed.streams().reads()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConnectRecoversWhatItsTokenNames(Encoding encoding) {
    // Given
    node.publish("news", 1);
    node.publish("news", 2);
    var subs =
        new JsonObject()
            .put("news", recover("news", new Position(node.top("news").epoch(), 1)))
            .put("other", recover("other", new Position("", 0)));
    node.streams().hold();
    try (var client = node.node().connecting(encoding, subs, "alice", "news", "off:x", "auto:y")) {
      node.awaitReads(2);
      node.publish("news", 3);

      // When
      node.streams().release();

      // Then
      JsonObject told = reply(client, 1, "connect").getJsonObject("subs");
      assertThat(told.fieldNames()).containsExactlyInAnyOrder("news", "off:x", "auto:y");
      JsonObject news = told.getJsonObject("news");
      assertThat(news.getBoolean("recovered")).isTrue();
      assertThat(news.getLong("offset")).isEqualTo(1);
      assertThat(publications(news)).containsExactly("2:2");
      assertThat(told.getJsonObject("auto:y").getBoolean("recovered")).isTrue();
      assertThat(next(client)).isEqualTo("3:3");
    }
  }

  @Test
  void aConnectReadsAgainWhatOthersLeftBehind() {
    // Given
    var claimed =
        new ClaimedNode(
            "channel.without_namespace.history_size=10",
            "channel.without_namespace.history_ttl=1m",
            "channel.without_namespace.force_recovery=true");
    try (claimed;
        var bob = claimed.connected("bob")) {
      bob.send(subscribe(2, channel("news")));
      claimed.confirmChannel("news");
      String epoch = reply(bob, 2, "subscribe").getString("epoch");
      var subs = new JsonObject().put("news", recover("news", new Position(epoch, 0)));
      try (var client = claimed.connecting(Encoding.JSON, subs, "alice", "news")) {
        claimed.awaitClaim(new RouteKey.User("alice"));
        for (int number = 1; number <= 300; number++) {
          claimed.deliver(claimed.append("news", Publication.of(new byte[] {'1'}, null), 10));
        }

        // When
        claimed.confirmUser("alice");

        // Then
        JsonObject news = reply(client, 1, "connect").getJsonObject("subs").getJsonObject("news");
        assertThat(news.getBoolean("recovered", false)).as("the first read had it").isFalse();
        assertThat(news.getLong("offset")).isEqualTo(300);
      }
    }
  }

  @Test
  void aConnectWhoseStreamsCannotBeReadComesAgain() {
    // Given
    node.streams().fail(true);
    try (var client =
        node.node().connecting(Encoding.JSON, new JsonObject(), "alice", "news", "auto:y")) {
      // When
      int code = client.closed().code();

      // Then
      assertThat(code).isEqualTo(3004);
      await().until(() -> node.node().held() == 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theApiSubscribesAtAPosition(Encoding encoding) {
    // Given
    node.publish("auto:x", 1);
    node.publish("auto:x", 2);
    try (var client = node.connect(encoding)) {
      // When
      var outcomes = tell(new Order.Subscribe("auto:x", SubscriptionTerms.NONE, Optional.empty()));
      node.publish("auto:x", 3);

      // Then
      assertThat(outcomes.getFirst().outcome()).isEqualTo(Delivery.Outcome.WRITTEN);
      JsonObject push = client.push().getJsonObject("subscribe");
      assertThat(push.getBoolean("recoverable")).isTrue();
      assertThat(push.getString("epoch")).isEqualTo(node.top("auto:x").epoch());
      assertThat(List.of(next(client), next(client))).containsExactly("2:2", "3:3");
    }
  }

  @Test
  void theApiIsToldWhenAStreamCannotBeRead() {
    // Given
    try (var client = node.connect(Encoding.JSON)) {
      node.streams().fail(true);

      // When
      var outcomes = tell(new Order.Subscribe("news", SubscriptionTerms.NONE, Optional.empty()));
      node.streams().fail(false);

      // Then
      assertThat(outcomes.getFirst().reason()).contains(Delivery.Reason.UNAVAILABLE);
      assertThat(error(client.subscribe("news"))).isZero();
    }
  }
}
