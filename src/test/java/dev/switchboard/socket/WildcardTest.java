package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Subscriptions to all channels of a namespace that begin alike; on one node.
class WildcardTest {
  private final TestNode node =
      TestNode.start(
          Stream.of("chat", "kept", "plain", "closed")
              .flatMap(name -> options(name).map(set -> "channel.namespaces." + name + "." + set))
              .toArray(String[]::new));

  private static Stream<String> options(String name) {
    boolean open = !name.equals("closed");
    boolean kept = name.equals("kept");
    return Stream.of(
        "allow_wildcard_subscriptions=" + !name.equals("plain"),
        "allow_subscribe_for_client=" + open,
        "allow_publish_for_client=" + open,
        "allow_user_limited_channels=true",
        "allow_presence_for_client=true",
        "allow_history_for_client=true",
        "allow_tags_filter=true",
        "allow_channel_compaction=true",
        "presence=true",
        "join_leave=true",
        "channel_regex=" + (kept ? "kept:[a-z.]*" : ""),
        "history_size=" + (kept ? 10 : 0),
        "history_ttl=" + (kept ? "1m" : "0s"),
        "force_recovery=" + kept,
        "allowed_delta_types=" + (kept ? "fossil" : ""),
        "delta_publish=" + kept);
  }

  @AfterEach
  void stop() {
    node.close();
  }

  /// The next publications by the channel that the push names.
  private static Map<String, JsonObject> pushes(TestClient client, int count) {
    Map<String, JsonObject> pushes = new HashMap<>();
    for (int left = count; left > 0; left--) {
      JsonObject push = client.push();
      assertThat(pushes.put(push.getString("channel"), push.getJsonObject("pub"))).isNull();
    }
    return pushes;
  }

  private static void subscribe(TestClient client, String... names) {
    for (String name : names) {
      assertThat(error(client.subscribe(name))).as(name).isZero();
    }
  }

  /// Whatever was published before this was asked has come, if it comes.
  private static void awaitQuiet(TestClient client) {
    client.call("unsubscribe", channel("nothing"));
    assertThat(client.isQuiet()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"JSON, chat", "JSON, kept", "PROTOBUF, chat", "PROTOBUF, kept"})
  void aWildcardHearsEveryChannelThatBeginsLikeIt(Encoding encoding, String name) {
    // Given
    String all = name + ":*";
    String one = name + ":a.*";
    String two = name + ":a.b.*";
    try (var client = TestClient.connect(node, "alice", encoding);
        var publisher = TestClient.connect(node, "bob")) {
      subscribe(client, all, one, two);

      // When
      publisher.publish(name + ":a.b.c", 1);
      publisher.publish(name + ":a.x", 2);
      publisher.publish(name + ":a", 3);

      // Then
      Map<String, JsonObject> first = pushes(client, 3);
      assertThat(first.keySet()).containsExactlyInAnyOrder(all, one, two);
      assertThat(first.values())
          .allSatisfy(
              heard -> {
                assertThat(heard.getString("channel")).isEqualTo(name + ":a.b.c");
                assertThat(heard.getInteger("data")).isEqualTo(1);
                assertThat(heard.containsKey("offset")).isFalse();
                assertThat(heard.getJsonObject("info").getString("user")).isEqualTo("bob");
              });
      assertThat(pushes(client, 2).keySet()).containsExactlyInAnyOrder(all, one);
      assertThat(pushes(client, 1).keySet()).containsExactly(all);
      awaitQuiet(client);
    }
  }

  @ParameterizedTest
  @CsvSource({"JSON, chat", "JSON, kept", "PROTOBUF, chat", "PROTOBUF, kept"})
  void eachSubscriptionOfAClientIsServedOnce(Encoding encoding, String name) {
    // Given
    String own = name + ":a.b";
    String wide = name + ":a.*";
    try (var client = TestClient.connect(node, "alice", encoding)) {
      subscribe(client, wide);
      client.call("subscribe", channel(own).put("delta", "fossil"));

      // When
      node.publish(own, "\"one\"");
      node.publish(own, "\"two\"");

      // Then
      for (int offset = 1; offset <= 2; offset++) {
        Map<String, JsonObject> both = pushes(client, 2);
        assertThat(both.keySet()).containsExactlyInAnyOrder(own, wide);
        assertThat(both.get(own).containsKey("channel")).isFalse();
        assertThat(both.get(own).getLong("offset", 0L))
            .isEqualTo(name.equals("kept") ? offset : 0L);
        assertThat(both.get(wide).getString("channel")).isEqualTo(own);
        assertThat(both.get(wide).getString("data")).isEqualTo(offset == 1 ? "one" : "two");
        assertThat(both.get(wide).containsKey("delta")).isFalse();
      }
      awaitQuiet(client);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoUnsubscribesHearsNoMore(Encoding encoding) {
    // Given
    try (var client = TestClient.connect(node, "alice", encoding)) {
      subscribe(client, "chat:a.*", "chat:*");
      client.call("unsubscribe", channel("chat:a.*"));

      // When
      node.publish("chat:a.b", "1");

      // Then
      assertThat(pushes(client, 1)).containsOnlyKeys("chat:*");
      awaitQuiet(client);
    }
  }

  @Test
  void elsewhereAStarIsACharacter() {
    // Given
    List<String> ordinary = List.of("plain:a.*", "plain:*", "chat:a*", "chat:*.a", "chat:*a");
    try (var client = TestClient.connect(node, "alice")) {
      subscribe(client, ordinary.toArray(String[]::new));

      // When
      node.publish("plain:a.b", "1");
      node.publish("chat:ab", "1");
      node.publish("chat:b.a", "1");
      ordinary.forEach(name -> node.publish(name, "2"));

      // Then
      Map<String, JsonObject> all = pushes(client, ordinary.size());
      assertThat(all.keySet()).containsExactlyInAnyOrderElementsOf(ordinary);
      assertThat(all.values()).allMatch(heard -> heard.getInteger("data") == 2);
      awaitQuiet(client);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nobodyPublishesToAWildcard(Encoding encoding) {
    // Given
    try (var client = TestClient.connect(node, "alice", encoding)) {
      subscribe(client, "chat:a.*", "kept:*");

      // Then
      assertThat(error(client.publish("chat:a.*", 1))).isEqualTo(107);
      assertThat(error(client.publish("kept:*", 1))).isEqualTo(107);
      assertThat(error(client.publish("closed:*", 1))).isEqualTo(107);
      assertThat(node.api("publish", "{\"channel\":\"chat:*\",\"data\":1}"))
          .contains("\"code\":107", "wildcard");
      assertThat(node.api("broadcast", "{\"channels\":[\"kept:*\"],\"data\":1}"))
          .contains("\"code\":107");
      awaitQuiet(client);
    }
  }

  @Test
  void whoIsNotNamedDoesNotListenIn() {
    // Given
    String token = node.signer().subscription("alice", "$chat:*", Duration.ofHours(1));
    try (var client = TestClient.connect(node, "alice")) {
      subscribe(client, "chat:*");
      assertThat(error(client.subscribe("$chat:*"))).isEqualTo(103);
      JsonObject granted = client.call("subscribe", channel("$chat:*").put("token", token));
      assertThat(granted.containsKey("subscribe")).isTrue();

      // When
      node.publish("chat:dialog#bob,carol", "1");
      node.publish("$chat:secret#bob", "1");
      node.publish("$chat:secret", "2");
      node.publish("chat:open", "3");

      // Then
      Map<String, JsonObject> heard = pushes(client, 2);
      assertThat(heard.get("$chat:*").getInteger("data")).isEqualTo(2);
      assertThat(heard.get("chat:*").getInteger("data")).isEqualTo(3);
      awaitQuiet(client);
    }
  }

  @Test
  void depthIsLimited() {
    // Given
    try (var client = TestClient.connect(node, "alice")) {
      subscribe(client, "chat:1.2.3.4.5.6.7.*");

      // When
      int tooDeep = error(client.subscribe("chat:1.2.3.4.5.6.7.8.*"));
      node.publish("chat:1.2.3.4.5.6.7.8.9.10", "1");

      // Then
      assertThat(tooDeep).isEqualTo(107);
      assertThat(client.push().getString("channel")).isEqualTo("chat:1.2.3.4.5.6.7.*");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"chat:a.*", "kept:a.*"})
  void aWildcardHasNoStreamAndNobodyIsPresent(String wildcard) {
    // Given
    node.publish(wildcard.replace("*", "b"), "1");
    try (var client = TestClient.connect(node, "alice")) {
      var wishes = channel(wildcard).put("recover", true).put("recoverable", true);
      wishes.put("positioned", true).put("join_leave", true).put("delta", "fossil");

      // When
      JsonObject reply = client.call("subscribe", wishes);

      // Then
      assertThat(reply.getJsonObject("subscribe")).isEqualTo(new JsonObject());
      assertThat(error(client.call("presence", channel(wildcard)))).isEqualTo(108);
      assertThat(error(client.call("presence_stats", channel(wildcard)))).isEqualTo(108);
      assertThat(error(client.call("history", channel(wildcard)))).isEqualTo(108);
      assertThat(node.api("presence", channel(wildcard).encode())).contains("\"code\":108");
      assertThat(node.api("history", channel(wildcard).encode())).contains("\"code\":108");
      awaitQuiet(client);
    }
  }

  @ParameterizedTest
  @CsvSource({"JSON, chat", "JSON, kept", "PROTOBUF, chat", "PROTOBUF, kept"})
  void filtersEchoAndNumbersWorkAsElsewhere(Encoding encoding, String name) {
    // Given
    try (var client = TestClient.connect(node, "alice", encoding)) {
      JsonObject wanted = new JsonObject().put("key", "k").put("cmp", "eq").put("val", "v");
      long number =
          client
              .call("subscribe", channel(name + ":a.*").put("tf", wanted).put("flag", 1))
              .getJsonObject("subscribe")
              .getLong("id");
      var off = new JsonObject("{\"switchboard\":{\"echo\":false}}");
      client.call("subscribe", channel(name + ":*").put("data", off));

      // When
      client.publish(name + ":a.b", 1);
      node.api("publish", channel(name + ":a.c").put("data", 2).encode());
      var tags = new JsonObject().put("k", "v");
      node.api("publish", channel(name + ":a.d").put("data", 3).put("tags", tags).encode());

      // Then
      JsonObject second = client.push();
      assertThat(second.getString("channel")).isEqualTo(name + ":*");
      assertThat(second.getJsonObject("pub").getInteger("data")).isEqualTo(2);
      Map<Boolean, JsonObject> third = new HashMap<>();
      for (int push = 0; push < 2; push++) {
        JsonObject next = client.push();
        third.put(next.containsKey("id"), next);
      }
      assertThat(third.get(true).getLong("id")).isEqualTo(number);
      assertThat(third.get(true).containsKey("channel")).isFalse();
      assertThat(third.get(true).getJsonObject("pub").getString("channel"))
          .isEqualTo(name + ":a.d");
      assertThat(third.get(false).getJsonObject("pub").getInteger("data")).isEqualTo(3);
      awaitQuiet(client);
    }
  }

  @Test
  void permissionIsThatOfASubscribe() {
    // Given
    var caps = new JsonArray("[{\"channels\":[\"closed:a.*\"],\"allow\":[\"sub\"]}]");
    var claims = new JsonObject().put("caps", caps).put("channels", new JsonArray().add("chat:*"));
    String token = node.signer().subscription("alice", "closed:b.*", Duration.ofHours(1));
    try (var client = TestClient.open(node)) {
      JsonObject connected =
          client.connect(node.signer().sign("alice", Duration.ofHours(1), claims));

      // When
      subscribe(client, "closed:a.*");
      client.call("subscribe", channel("closed:b.*").put("token", token));
      node.api("subscribe", channel("closed:c.*").put("user", "alice").encode());

      // Then
      assertThat(connected.getJsonObject("connect").getJsonObject("subs").fieldNames())
          .containsExactly("chat:*");
      assertThat(error(client.subscribe("closed:*"))).isEqualTo(103);
      assertThat(error(client.subscribe("none:*"))).isEqualTo(102);
      assertThat(client.push().getString("channel")).isEqualTo("closed:c.*");
      for (String name : List.of("closed:a.x", "closed:b.x", "closed:c.x", "chat:x")) {
        node.publish(name, "1");
        JsonObject push = client.push();
        assertThat(push.getJsonObject("pub").getString("channel")).isEqualTo(name);
      }
      awaitQuiet(client);
    }
  }
}
