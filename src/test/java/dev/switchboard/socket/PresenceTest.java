package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PresenceTest {
  private final TestNode node =
      TestNode.start(
          "channel.namespaces.off.allow_subscribe_for_client=true",
          "channel.namespaces.members.presence=true",
          "channel.namespaces.members.allow_subscribe_for_client=true",
          "channel.namespaces.members.allow_presence_for_subscriber=true");

  @AfterAll
  void stop() {
    node.close();
  }

  private static JsonObject presence(TestClient client, String channel) {
    return client.call("presence", channel(channel)).getJsonObject("presence");
  }

  private static JsonObject stats(TestClient client, String channel) {
    return client.call("presence_stats", channel(channel)).getJsonObject("presence_stats");
  }

  private static JsonObject counts(int clients, int users) {
    return new JsonObject().put("num_clients", clients).put("num_users", users);
  }

  @Test
  void everySubscriberIsPresentOnce() {
    // Given
    try (var alice = TestClient.connect(node, "alice");
        var again = TestClient.connect(node, "alice");
        var bob = TestClient.connect(node, "bob")) {
      alice.subscribe("here");
      again.subscribe("here");
      bob.subscribe("here");

      // When
      JsonObject present = presence(alice, "here").getJsonObject("presence");

      // Then
      assertThat(present.fieldNames()).hasSize(3);
      present.forEach(
          entry ->
              assertThat(((JsonObject) entry.getValue()).getString("client"))
                  .isEqualTo(entry.getKey()));
      assertThat(stats(bob, "here")).isEqualTo(counts(3, 2));
    }
  }

  @Test
  void nobodyIsPresentInAnEmptyChannel() {
    // Given
    try (var client = TestClient.connect(node, "alice")) {
      // Then
      assertThat(presence(client, "empty"))
          .isEqualTo(new JsonObject().put("presence", new JsonObject()));
      assertThat(stats(client, "empty")).isEqualTo(counts(0, 0));
    }
  }

  @Test
  void whoUnsubscribedIsGoneWithTheReply() {
    // Given
    try (var alice = TestClient.connect(node, "alice");
        var bob = TestClient.connect(node, "bob")) {
      alice.subscribe("left");
      bob.subscribe("left");

      // When
      alice.call("unsubscribe", channel("left"));

      // Then
      assertThat(stats(alice, "left")).isEqualTo(counts(1, 1));
      assertThat(stats(bob, "left")).isEqualTo(counts(1, 1));
    }
  }

  @Test
  void whoDisconnectedIsGoneSoon() {
    // Given
    try (var alice = TestClient.connect(node, "alice");
        var bob = TestClient.connect(node, "bob")) {
      alice.subscribe("gone");
      bob.subscribe("gone");

      // When
      alice.abort();

      // Then
      await().until(() -> stats(bob, "gone").equals(counts(1, 1)));
    }
  }

  @Test
  void presenceMayBeOffOrDenied() {
    // Given
    try (var client = TestClient.connect(node, "alice")) {
      client.subscribe("off:a");

      // Then
      for (String command : new String[] {"presence", "presence_stats"}) {
        assertThat(error(client.call(command, channel("off:a")))).isEqualTo(108);
        assertThat(error(client.call(command, channel("members:" + command)))).isEqualTo(103);
        client.subscribe("members:" + command);
        assertThat(error(client.call(command, channel("members:" + command)))).isZero();
        assertThat(error(client.call(command, channel("no:such")))).isEqualTo(102);
        assertThat(error(client.call(command, channel("ä")))).isEqualTo(107);
      }
    }
  }
}
