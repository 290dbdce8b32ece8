package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.auth.SubscriptionTerms;
import dev.switchboard.protocol.Publication;
import dev.switchboard.routing.Delivery;
import dev.switchboard.routing.Order;
import dev.switchboard.routing.Recipient;
import dev.switchboard.routing.RouteKey;
import dev.switchboard.testkit.TestClient;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What clients see while the rest of a cluster does not know of them yet.
class PendingTest {
  private static final int PINGS_MAX = 10;
  private static final Recipient ALICE = new Recipient.User("alice");

  private final ClaimedNode node =
      new ClaimedNode(
          "client.anonymous=true",
          "client.commands_burst=20",
          "client.commands_per_second=1000000",
          "client.message_bytes_max=2000",
          "client.ping_interval=400ms",
          "client.pong_timeout=300ms",
          "channel.without_namespace.presence=true",
          "channel.without_namespace.allow_presence_for_client=true");

  @AfterEach
  void stop() {
    node.close();
  }

  private static String subscribe(int id, String name) {
    return of("id", id).put("subscribe", channel(name)).encode();
  }

  private static String unsubscribe(int id, String name) {
    return of("id", id).put("unsubscribe", channel(name)).encode();
  }

  private static String publish(int id, String name, Object data) {
    return of("id", id).put("publish", channel(name).put("data", data)).encode();
  }

  private void publish(String name, int number) {
    byte[] data = Integer.toString(number).getBytes(StandardCharsets.UTF_8);
    ClaimedNode.done(node.router().publish(name, Publication.of(data, null)));
  }

  private List<Delivery.Outcome> tell(Order order) {
    return ClaimedNode.done(node.router().tell(ALICE, order)).stream()
        .map(Delivery::outcome)
        .toList();
  }

  /// The next thing that is no ping.
  private static JsonObject next(TestClient client) {
    for (int pings = 0; pings < PINGS_MAX; pings++) {
      JsonObject next = client.next();
      if (!next.isEmpty()) {
        return next;
      }
      client.send("{}");
    }
    throw new AssertionError("the server said nothing but pings");
  }

  private static void assertReply(TestClient client, int id, String kind) {
    JsonObject reply = next(client);
    assertThat(reply.getInteger("id")).as(reply.encode()).isEqualTo(id);
    assertThat(reply.containsKey(kind)).as(reply.encode()).isTrue();
  }

  @Test
  void nothingIsSaidBeforeTheSubscribeIsConfirmed() {
    // Given
    try (var client = node.connected("alice")) {
      client.send(subscribe(2, "news"));
      node.awaitClaim(new RouteKey.Channel("news"));
      publish("news", 1);

      // When
      node.confirmChannel("news");

      // Then
      assertReply(client, 2, "subscribe");
      publish("news", 2);
      assertThat(next(client).getJsonObject("push").getJsonObject("pub").getInteger("data"))
          .isEqualTo(2);
    }
  }

  @Test
  void allWhoWaitForTheSameChannelAreAnsweredAndGetWhatOneOfThemSaysNext() {
    // Given
    try (var alice = node.connected("alice");
        var bob = node.connected("bob")) {
      alice.send(subscribe(2, "news") + "\n" + publish(3, "news", "hello"));
      node.awaitClaim(new RouteKey.Channel("news"));
      bob.send(subscribe(2, "news"));
      // Behind bob's subscribe on the same loop.
      tell(new Order.Message("0".getBytes(StandardCharsets.UTF_8)));

      // When
      node.confirmChannel("news");

      // Then
      assertThat(next(alice).getJsonObject("push").containsKey("message")).isTrue();
      for (var client : List.of(alice, bob)) {
        assertReply(client, 2, "subscribe");
        assertThat(next(client).getJsonObject("push").getJsonObject("pub").getString("data"))
            .isEqualTo("hello");
      }
      assertReply(alice, 3, "publish");
    }
  }

  @Test
  void otherCommandsWaitInTheirOrderButSubscribesDoNotWaitForEachOther() {
    // Given
    try (var client = node.connected("alice")) {
      client.send(
          String.join(
              "\n",
              subscribe(2, "one"),
              subscribe(3, "two"),
              of("id", 4).put("presence", channel("one")).encode(),
              unsubscribe(5, "one"),
              subscribe(6, "one")));
      node.confirmChannel("two");
      assertReply(client, 3, "subscribe");

      // When
      node.confirmChannel("one");

      // Then
      assertReply(client, 2, "subscribe");
      // Presence is kept by another loop: what it was then, but its reply may be overtaken.
      Map<Integer, JsonObject> replies = new HashMap<>();
      node.confirmChannel("one");
      for (int reply = 0; reply < 3; reply++) {
        JsonObject next = next(client);
        replies.put(next.getInteger("id"), next);
      }
      assertThat(replies).containsOnlyKeys(4, 5, 6);
      assertThat(replies.get(4).getJsonObject("presence").getJsonObject("presence")).hasSize(1);
    }
    await().until(() -> node.held() == 0);
  }

  @Test
  void aSecondSubscribeIsOneTooMany() {
    // Given
    try (var client = node.connected("alice")) {
      client.send(subscribe(2, "news"));
      node.awaitClaim(new RouteKey.Channel("news"));

      // When
      client.send(subscribe(3, "news"));

      // Then
      JsonObject reply = next(client);
      assertThat(reply.getInteger("id")).isEqualTo(3);
      assertThat(reply.getJsonObject("error").getInteger("code")).isEqualTo(105);
    }
  }

  @Test
  void theApiEndsAPendingSubscriptionBehindItsReply() {
    // Given
    try (var client = node.connected("alice")) {
      client.send(subscribe(2, "news") + "\n" + publish(3, "else", 1));
      node.awaitClaim(new RouteKey.Channel("news"));

      // When
      var outcomes = tell(Order.Unsubscribe.byServer("news"));

      // Then
      assertThat(outcomes).containsExactly(Delivery.Outcome.WRITTEN);
      assertReply(client, 2, "subscribe");
      assertThat(next(client).getJsonObject("push").getJsonObject("unsubscribe").getInteger("code"))
          .isEqualTo(2000);
      assertReply(client, 3, "error");
      assertThat(node.held()).isEqualTo(1);
    }
  }

  @Test
  void theApiIsAnsweredWhenItsSubscriptionIsConfirmed() {
    // Given
    try (var client = node.connected("alice")) {
      var answer =
          node.router()
              .tell(ALICE, new Order.Subscribe("news", SubscriptionTerms.NONE, Optional.empty()));
      node.awaitClaim(new RouteKey.Channel("news"));
      boolean early = answer.isComplete();

      // When
      node.confirmChannel("news");

      // Then
      assertThat(early).isFalse();
      assertThat(next(client).getJsonObject("push").containsKey("subscribe")).isTrue();
      assertThat(ClaimedNode.done(answer).getFirst().outcome()).isEqualTo(Delivery.Outcome.WRITTEN);
    }
  }

  @Test
  void theApiIsAnsweredWhenTheClientLeavesBefore() {
    // Given
    var client = node.connected("alice");
    var answer =
        node.router()
            .tell(ALICE, new Order.Subscribe("news", SubscriptionTerms.NONE, Optional.empty()));
    node.awaitClaim(new RouteKey.Channel("news"));

    // When
    client.abort();

    // Then
    assertThat(ClaimedNode.done(answer).getFirst().outcome()).isEqualTo(Delivery.Outcome.DROPPED);
    await().until(() -> node.held() == 0);
  }

  @Test
  void aConnectWaitsForItsUserAndForEachOfItsChannels() {
    // Given
    try (var client = node.connecting("alice", "one", "two")) {
      client.send(publish(2, "one", "held"));
      node.confirmChannel("one");
      publish("one", 1);
      node.confirmUser("alice");
      var sent = tell(new Order.Message("1".getBytes(StandardCharsets.UTF_8)));

      // When
      node.confirmChannel("two");

      // Then
      assertThat(sent).containsExactly(Delivery.Outcome.OFFLINE);
      JsonObject reply = next(client);
      assertThat(reply.getJsonObject("connect").getJsonObject("subs").fieldNames())
          .containsExactlyInAnyOrder("one", "two");
      assertThat(next(client).getJsonObject("push").getJsonObject("pub").getString("data"))
          .isEqualTo("held");
      assertReply(client, 2, "publish");
    }
    await().until(() -> node.held() == 0);
  }

  @Test
  void aChannelThatIsKnownIsKeptForAConnectThatWaitsForAnother() {
    // Given
    try (var bob = node.connected("bob")) {
      bob.send(subscribe(2, "one"));
      node.confirmChannel("one");
      assertReply(bob, 2, "subscribe");
      try (var alice = node.connecting("alice", "one")) {
        node.awaitClaim(new RouteKey.User("alice"));
        bob.send(unsubscribe(3, "one"));
        assertReply(bob, 3, "unsubscribe");

        // When
        node.confirmUser("alice");

        // Then
        assertReply(alice, 1, "connect");
        assertThat(node.held()).isEqualTo(3);
      }
    }
    await().until(() -> node.held() == 0);
  }

  @Test
  void theSecondSessionOfAUserWaitsForTheSameClaim() {
    // Given
    try (var one = node.connecting("");
        var other = node.connecting("")) {
      await().until(() -> ClaimedNode.done(node.router().info()).getFirst().clients() == 2);
      one.abort();
      await().until(() -> ClaimedNode.done(node.router().info()).getFirst().clients() == 1);

      // When
      node.confirmUser("");

      // Then
      assertReply(other, 1, "connect");
      assertThat(node.held()).isEqualTo(1);
    }
  }

  @Test
  void whoLeavesBeforeTheConnectReplyLeavesNoClaimBehind() {
    // Given
    var client = node.connecting("alice", "one", "two");
    node.confirmChannel("two");
    node.awaitClaim(new RouteKey.Channel("one"));

    // When
    client.abort();

    // Then
    await().until(() -> node.held() == 0);
  }

  @Test
  void theApiKeepsOutWhoIsStillConnecting() {
    // Given
    try (var client = node.connecting("alice")) {
      node.awaitClaim(new RouteKey.User("alice"));

      // When
      var outcomes = tell(new Order.Disconnect(3503, "go", Set.of()));

      // Then
      assertThat(outcomes).containsExactly(Delivery.Outcome.WRITTEN);
      assertThat(client.closed().code()).isEqualTo(3503);
      assertThat(node.held()).isZero();
    }
  }

  @Test
  void tooManyCommandsMayNotWait() {
    // Given
    try (var client = node.connecting("alice")) {
      node.awaitClaim(new RouteKey.User("alice"));

      // When
      for (int id = 2; id < 5_000 && !client.isClosed(); id++) {
        client.trySend(unsubscribe(id, "x"));
      }

      // Then
      // Some may have been answered with 111 before.
      assertThat(client.closed().code()).isEqualTo(3013);
      assertThat(node.held()).isZero();
    }
  }

  @Test
  void tooManyBytesMayNotWait() {
    // Given
    try (var client = node.connecting("alice")) {
      node.awaitClaim(new RouteKey.User("alice"));

      // When
      client.send(publish(2, "x", "y".repeat(1_500)));
      client.trySend(publish(3, "x", "y".repeat(1_500)));

      // Then
      assertThat(client.closed().code()).isEqualTo(3013);
    }
  }

  @Test
  void whoAnswersNoPingIsClosedAlthoughItWaits() {
    // Given
    try (var client = node.connected("alice")) {
      client.send(subscribe(2, "news"));
      node.awaitClaim(new RouteKey.Channel("news"));

      // When
      int code = client.closed().code();

      // Then
      assertThat(code).isEqualTo(3012);
      assertThat(node.held()).isZero();
    }
  }

  @Test
  void whoAnswersPingsStaysWhileItWaits() {
    // Given
    try (var client = node.connected("alice")) {
      client.send(subscribe(2, "news") + "\n" + unsubscribe(3, "other"));
      node.awaitClaim(new RouteKey.Channel("news"));
      for (int pings = 0; pings < 3; pings++) {
        assertThat(client.next()).isEmpty();
        client.send("{}");
      }

      // When
      node.confirmChannel("news");

      // Then
      assertReply(client, 2, "subscribe");
      assertReply(client, 3, "unsubscribe");
    }
  }
}
