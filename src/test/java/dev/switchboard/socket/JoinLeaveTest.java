package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Who comes and goes, on one node with two event loops.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JoinLeaveTest {
  private final TestNode node =
      TestNode.start(
          "presence.members_max=3",
          "channel.namespaces.asked.presence=true",
          "channel.namespaces.asked.join_leave=true",
          "channel.namespaces.asked.allow_subscribe_for_client=true",
          "channel.namespaces.asked.allow_presence_for_subscriber=true",
          "channel.namespaces.forced.join_leave=true",
          "channel.namespaces.forced.force_push_join_leave=true",
          "channel.namespaces.forced.allow_subscribe_for_client=true",
          "channel.namespaces.hidden.join_leave=true",
          "channel.namespaces.hidden.allow_subscribe_for_client=true");

  @AfterAll
  void stop() {
    node.close();
  }

  private static JsonObject subscribe(TestClient client, String channel) {
    return client.call("subscribe", channel(channel).put("join_leave", true));
  }

  /// Such as `join alice`.
  private static String heard(TestClient client, String channel) {
    JsonObject push = client.push();
    assertThat(push.getString("channel")).isEqualTo(channel);
    String what = push.containsKey("join") ? "join" : "leave";
    return what + " " + push.getJsonObject(what).getJsonObject("info").getString("user");
  }

  @ParameterizedTest
  @EnumSource
  void whoAsksHearsOfItselfAfterTheReplyAndThenOfOthersInOrder(Encoding encoding) {
    // Given
    String room = "asked:" + encoding;
    try (var alice = TestClient.connect(node, "alice", encoding);
        var bob = TestClient.connect(node, "bob", encoding)) {
      // When
      JsonObject reply = subscribe(alice, room);

      // Then
      assertThat(reply.containsKey("subscribe")).isTrue();
      assertThat(heard(alice, room)).isEqualTo("join alice");

      // When
      subscribe(bob, room);
      bob.call("unsubscribe", channel(room));
      subscribe(bob, room);
      bob.abort();

      // Then
      assertThat(List.of(heard(alice, room), heard(alice, room), heard(alice, room)))
          .containsExactly("join bob", "leave bob", "join bob");
      assertThat(heard(alice, room)).isEqualTo("leave bob");
    }
  }

  @Test
  void whoLeavesHearsNothingOfIt() {
    // Given
    try (var alice = TestClient.connect(node, "alice")) {
      subscribe(alice, "asked:quiet");
      assertThat(heard(alice, "asked:quiet")).isEqualTo("join alice");

      // When
      alice.call("unsubscribe", channel("asked:quiet"));
      subscribe(alice, "asked:other");

      // Then
      assertThat(heard(alice, "asked:other")).isEqualTo("join alice");
      assertThat(alice.isQuiet()).isTrue();
    }
  }

  @Test
  void whoDoesNotAskOrMayNotKnowIsNotTold() {
    // Given
    try (var alice = TestClient.connect(node, "alice");
        var bob = TestClient.connect(node, "bob")) {
      alice.subscribe("asked:a");
      subscribe(alice, "hidden:a");
      subscribe(alice, "plain");
      subscribe(bob, "asked:a");
      subscribe(bob, "hidden:a");
      subscribe(bob, "plain");
      assertThat(heard(bob, "asked:a")).isEqualTo("join bob");

      // When
      node.publish("asked:a", "1");
      node.publish("hidden:a", "2");
      node.publish("plain", "3");

      // Then
      for (int number = 1; number <= 3; number++) {
        assertThat(alice.push().getJsonObject("pub").getInteger("data")).isEqualTo(number);
      }
    }
  }

  @Test
  void aNamespaceMayTellEverybodyWhetherAskedOrNot() {
    // Given
    try (var alice = TestClient.connect(node, "alice");
        var bob = TestClient.connect(node, "bob")) {
      alice.subscribe("forced:a");
      assertThat(heard(alice, "forced:a")).isEqualTo("join alice");

      // When
      String told = node.api("subscribe", "{\"user\":\"bob\",\"channel\":\"forced:a\"}");

      // Then
      assertThat(told).doesNotContain("error");
      assertThat(bob.push().containsKey("subscribe")).isTrue();
      assertThat(heard(bob, "forced:a")).isEqualTo("join bob");
      assertThat(heard(alice, "forced:a")).isEqualTo("join bob");
      assertThat(error(alice.call("presence", channel("forced:a")))).isEqualTo(108);
    }
  }

  @Test
  void sessionsOfAllEventLoopsHearOfEachOther() {
    // Given
    List<TestClient> clients = new ArrayList<>();
    try (var first = TestClient.connect(node, "first")) {
      subscribe(first, "asked:many");
      heard(first, "asked:many");

      // When
      for (int number = 0; number < 8; number++) {
        clients.add(TestClient.connect(node, "user" + number));
        subscribe(clients.getLast(), "asked:many");
      }

      // Then
      Set<String> joined = new HashSet<>();
      for (int number = 0; number < 8; number++) {
        joined.add(heard(first, "asked:many"));
      }
      assertThat(joined).hasSize(8);
    } finally {
      clients.forEach(TestClient::close);
    }
  }

  @Test
  void largeChannelsAreReadInPages() {
    // Given
    List<TestClient> clients = new ArrayList<>();
    try {
      for (int number = 0; number < 4; number++) {
        clients.add(TestClient.connect(node, "user" + number));
        clients.getLast().subscribe("asked:large");
      }

      // When
      JsonObject asked = clients.getFirst().call("presence", channel("asked:large"));
      JsonObject stats = clients.getFirst().call("presence_stats", channel("asked:large"));
      JsonObject whole = api("presence", channel("asked:large"));
      JsonObject first = api("presence", channel("asked:large").put("limit", 3));
      String next = first.getJsonObject("result").getString("next");
      JsonObject rest = channel("asked:large").put("limit", 3).put("after", next);
      JsonObject second = api("presence", rest);

      // Then
      assertThat(error(asked)).isEqualTo(106);
      assertThat(error(whole)).isEqualTo(106);
      assertThat(stats.getJsonObject("presence_stats"))
          .isEqualTo(of("num_clients", 4).put("num_users", 4));
      Set<String> users = new HashSet<>(users(first));
      users.addAll(users(second));
      assertThat(users(first)).hasSize(3);
      assertThat(users).hasSize(4);
      assertThat(second.getJsonObject("result").containsKey("next")).isFalse();
      assertThat(error(api("presence", channel("asked:large").put("limit", 4)))).isEqualTo(107);
      assertThat(error(api("presence", channel("asked:large").put("limit", 1).put("after", "x"))))
          .isEqualTo(107);
    } finally {
      clients.forEach(TestClient::close);
    }
  }

  private JsonObject api(String method, JsonObject request) {
    return new JsonObject(node.api(method, request.encode()));
  }

  private static List<String> users(JsonObject answer) {
    return answer.getJsonObject("result").getJsonObject("presence").stream()
        .map(entry -> ((JsonObject) entry.getValue()).getString("user"))
        .toList();
  }
}
