package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestClock;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What tokens say of the subscriptions they bring.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenSubscriptionsTest {
  private static final String SPACE = "channel.namespaces.kept.";

  private final TestClock clock = new TestClock();
  private final TestNode node =
      TestNode.start(
          clock,
          "heartbeat.interval=20ms",
          "client.expired_grace=5s",
          SPACE + "presence=true",
          SPACE + "join_leave=true",
          SPACE + "force_push_join_leave=true",
          SPACE + "allow_subscribe_for_client=true",
          SPACE + "allow_presence_for_client=true",
          SPACE + "history_size=10",
          SPACE + "history_ttl=1m");

  @AfterAll
  void stop() {
    node.close();
  }

  private String token(String user, JsonObject claims) {
    return node.signer().sign(user, Duration.ofHours(1), claims);
  }

  private static JsonObject subs(String channel, String options) {
    return of("subs", of(channel, new JsonObject(options.replace('\'', '"'))));
  }

  @ParameterizedTest
  @EnumSource
  void infoIsShownAndDataIsTold(Encoding encoding) {
    // Given
    String token = token("alice", subs("kept:a", "{'info':{'seat':7},'data':{'begins':'soon'}}"));
    try (var client = TestClient.open(node.websocket(), encoding)) {
      // When
      JsonObject reply = client.connect(token).getJsonObject("connect");

      // Then
      assertThat(reply.getJsonObject("subs").getJsonObject("kept:a").getJsonObject("data"))
          .isEqualTo(of("begins", "soon"));
      assertThat(client.call("presence", channel("kept:a")).encode()).contains("{\"seat\":7}");
    }
  }

  @Test
  void base64Wins() {
    // Given: the texts {"b":1} and {"d":1}.
    String options = "{'info':1,'b64info':'eyJiIjoxfQ==','data':2,'b64data':'eyJkIjoxfQ=='}";
    try (var client = TestClient.open(node)) {
      // When
      JsonObject reply =
          client.connect(token("alice", subs("kept:b", options))).getJsonObject("connect");

      // Then
      assertThat(reply.getJsonObject("subs").getJsonObject("kept:b").getJsonObject("data"))
          .isEqualTo(of("d", 1));
      assertThat(client.call("presence", channel("kept:b")).encode()).contains("{\"b\":1}");
    }
  }

  @Test
  void optionsOfTheNamespaceCanBeOtherwise() {
    // Given
    String options =
        "{'override':{'force_recovery':{'value':true},'presence':{'value':false},"
            + "'force_push_join_leave':{'value':false},'join_leave':null}}";
    try (var client = TestClient.open(node);
        var other = TestClient.connect(node, "bob")) {
      // When
      JsonObject reply =
          client.connect(token("alice", subs("kept:c", options))).getJsonObject("connect");
      other.subscribe("kept:c");
      other.push();

      // Then
      JsonObject subscribed = reply.getJsonObject("subs").getJsonObject("kept:c");
      assertThat(subscribed.getBoolean("recoverable")).isTrue();
      assertThat(other.call("presence_stats", channel("kept:c")).encode())
          .contains("\"num_clients\":1");
      assertThat(client.isQuiet()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'b64info':'?'}",
        "{'override':7}",
        "{'override':{'presence':true}}",
        "{'override':{'presence':{'value':1}}}",
      })
  void whatMakesNoSenseIsNoToken(String options) {
    try (var client = TestClient.open(node)) {
      // When
      client.send(
          of("id", 1)
              .put("connect", of("token", token("alice", subs("kept:d", options))))
              .encode());

      // Then
      assertThat(client.closed().code()).isEqualTo(3500);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSubscriptionTokenHasTermsToo(Encoding encoding) {
    // Given
    var claims =
        new JsonObject(
            "{\"channel\":\"$kept:e\",\"data\":{\"hello\":1},"
                + "\"override\":{\"force_positioning\":{\"value\":true}}}");
    try (var client = TestClient.connect(node, "alice", encoding)) {
      // When
      JsonObject reply =
          client.call("subscribe", channel("$kept:e").put("token", token("alice", claims)));

      // Then
      JsonObject subscribed = reply.getJsonObject("subscribe");
      assertThat(subscribed.getJsonObject("data")).isEqualTo(of("hello", 1));
      assertThat(subscribed.getBoolean("positioned")).isTrue();
    }
  }

  @Test
  void aRefreshCannotBringOtherSubscriptions() {
    try (var same = TestClient.open(node);
        var more = TestClient.open(node);
        var fewer = TestClient.open(node)) {
      // Given
      String one = token("alice", of("channels", new JsonArray().add("one")));
      String two = token("alice", of("channels", new JsonArray().add("one").add("two")));
      same.connect(one);
      more.connect(one);
      fewer.connect(two);
      same.subscribe("of-her-own");

      // When
      JsonObject reply = same.call("refresh", of("token", one));
      more.send(of("id", 9).put("refresh", of("token", two)).encode());
      fewer.send(of("id", 9).put("refresh", of("token", one)).encode());

      // Then
      assertThat(error(reply)).isZero();
      assertThat(more.closed()).isEqualTo(new TestClient.Close(3010, "insufficient state"));
      assertThat(fewer.closed().code()).isEqualTo(3010);
    }
  }

  @Test
  void theApiHasTermsToo() {
    // Given
    try (var client = TestClient.connect(node, "dave");
        var other = TestClient.connect(node, "bob")) {
      other.subscribe("kept:f");
      other.push();

      // When
      node.api(
          "subscribe",
          "{\"user\":\"dave\",\"channel\":\"kept:f\",\"override\":{\"presence\":{\"value\":false},"
              + "\"force_positioning\":{\"value\":true}}}");

      // Then
      assertThat(client.push().getJsonObject("subscribe").getBoolean("positioned")).isTrue();
      assertThat(other.call("presence_stats", channel("kept:f")).encode())
          .contains("\"num_clients\":1");
      assertThat(other.isQuiet()).isTrue();
    }
  }

  @Test
  void aServerSideSubscriptionThatEndsEndsTheSession() {
    try (var client = TestClient.connect(node, "carol")) {
      // Given
      long soon = clock.instant().getEpochSecond() + 10;
      node.api(
          "subscribe",
          "{\"user\":\"carol\",\"channel\":\"news\",\"expire_at\":%d}".formatted(soon));
      assertThat(client.push().containsKey("subscribe")).isTrue();

      // When
      clock.jump(Duration.ofSeconds(20));

      // Then
      assertThat(client.closed()).isEqualTo(new TestClient.Close(3006, "subscription expired"));
    }
  }
}
