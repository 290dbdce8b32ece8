package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.TestBackend;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A back end decides about subscriptions and publications.
class ProxyTest {
  private static final String SPACE = "channel.namespaces.asked.";

  private final TestBackend backend = TestBackend.start();
  private TestNode node;

  @BeforeEach
  void start() {
    node =
        TestNode.start(
            backend.known(
                "app",
                SPACE + "subscribe_proxy_enabled=true",
                SPACE + "subscribe_proxy_name=app",
                SPACE + "publish_proxy_enabled=true",
                SPACE + "publish_proxy_name=app",
                SPACE + "allow_user_limited_channels=true",
                SPACE + "presence=true",
                SPACE + "join_leave=true",
                SPACE + "allow_presence_for_subscriber=true",
                SPACE + "history_size=10",
                SPACE + "history_ttl=1m",
                SPACE + "allow_history_for_subscriber=true",
                "client.channels_max=3",
                "backend.timeout=2s"));
  }

  @AfterEach
  void stop() {
    node.close();
    backend.close();
  }

  @ParameterizedTest
  @EnumSource
  void aSubscriptionIsOnTheBackEndsTerms(Encoding encoding) {
    // Given
    backend.answer(
        "subscribe",
        "{'result':{'info':{'seat':7},'data':{'begins':'soon'},"
            + "'override':{'force_recovery':{'value':true}}}}");
    try (var client = TestClient.connect(node, "alice", encoding)) {
      // When
      JsonObject reply =
          client
              .call("subscribe", channel("asked:a").put("data", "please"))
              .getJsonObject("subscribe");

      // Then
      assertThat(reply.getJsonObject("data")).isEqualTo(of("begins", "soon"));
      assertThat(reply.getBoolean("recoverable")).isTrue();
      TestBackend.Asked asked = backend.next();
      assertThat(asked.event()).isEqualTo("subscribe");
      assertThat(asked.body().getString("user")).isEqualTo("alice");
      assertThat(asked.body().getString("channel")).isEqualTo("asked:a");
      assertThat(asked.body().getString("data")).isEqualTo("please");
      assertThat(client.call("presence", channel("asked:a")).encode()).contains("\"seat\":7");
    }
  }

  @Test
  void aBackEndMayHideSomebody() {
    // Given
    try (var bob = TestClient.connect(node, "bob");
        var alice = TestClient.connect(node, "alice")) {
      bob.call("subscribe", channel("asked:a").put("join_leave", true));
      bob.push();

      // When
      backend.answer("subscribe", "{'result':{'override':{'presence':{'value':false}}}}");
      alice.subscribe("asked:a");
      alice.call("unsubscribe", channel("asked:a"));
      backend.answer("subscribe", "{'result':{'override':{'join_leave':{'value':false}}}}");
      alice.subscribe("asked:a");

      // Then
      assertThat(bob.call("presence", channel("asked:a")).encode()).contains("alice");
      alice.call("unsubscribe", channel("asked:a"));
      assertThat(bob.call("presence", channel("asked:a")).encode()).doesNotContain("alice");
      assertThat(bob.isQuiet()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'error':{'code':1001,'message':'full'}} | 200 | 1001
          nonsense                                 | 200 | 100
          {'result':{'info':1,'expire_at':'soon'}} | 200 | 100
          {'result':{'override':{'presence':1}}}   | 200 | 100
          {'result':{'expire_at':1}}               | 200 | 109
          {'result':{}}                            | 500 | 100
          """)
  void whoMayNotIsTold(String answer, int status, int code) {
    // Given
    backend.answer("subscribe", answer);
    backend.status(status);
    try (var client = TestClient.connect(node, "alice")) {
      // When
      JsonObject reply = client.subscribe("asked:a");

      // Then
      assertThat(error(reply)).isEqualTo(code);
      assertThat(error(client.publish("open", 1))).isZero();
    }
  }

  @Test
  void whoseNameSaysItAllIsNotAskedAbout() {
    // Given
    try (var client = TestClient.connect(node, "alice")) {
      // When
      JsonObject own = client.subscribe("asked:#alice");
      JsonObject foreign = client.subscribe("asked:#bob");
      JsonObject secret = client.subscribe("$asked:a");
      String token = node.signer().subscription("alice", "asked:b", Duration.ofHours(1));
      JsonObject byToken = client.call("subscribe", channel("asked:b").put("token", token));

      // Then
      assertThat(error(own)).isZero();
      assertThat(error(foreign)).isEqualTo(103);
      assertThat(error(secret)).isEqualTo(103);
      assertThat(error(byToken)).isZero();
      assertThat(backend.asked()).isZero();
    }
  }

  @Test
  void limitsHoldWhoeverIsAskedMeanwhile() {
    // Given
    try (var client = TestClient.connect(node, "alice")) {
      // When
      for (int id = 11; id <= 15; id++) {
        String name = id == 12 ? "asked:11" : "asked:" + id;
        client.send("{\"id\":%d,\"subscribe\":{\"channel\":\"%s\"}}".formatted(id, name));
      }
      var errors = new JsonObject();
      for (int reply = 0; reply < 5; reply++) {
        JsonObject next = client.next();
        errors.put(next.getInteger("id").toString(), error(next));
      }

      // Then
      assertThat(errors.stream().filter(each -> each.getValue().equals(105))).hasSize(1);
      assertThat(errors.stream().filter(each -> each.getValue().equals(106))).hasSize(1);
      assertThat(errors.stream().filter(each -> each.getValue().equals(0))).hasSize(3);
    }
  }

  @Test
  void whatFollowsWaits() {
    // Given
    try (var client = TestClient.connect(node, "alice")) {
      // When
      client.send(
          "{\"id\":11,\"subscribe\":{\"channel\":\"asked:a\"}}\n"
              + "{\"id\":12,\"publish\":{\"channel\":\"asked:a\",\"data\":1}}\n"
              + "{\"id\":13,\"unsubscribe\":{\"channel\":\"asked:a\"}}");

      // Then
      assertThat(client.next().getInteger("id")).isEqualTo(11);
      // The publication itself may be before, after or, as the subscription ends, never.
      var ids = new ArrayList<Integer>();
      while (ids.size() < 2) {
        JsonObject next = client.next();
        if (!next.containsKey("push")) {
          ids.add(next.getInteger("id"));
        }
      }
      assertThat(ids).containsExactlyInAnyOrder(12, 13);
      assertThat(node.api("history", "{\"channel\":\"asked:a\"}")).contains("\"offset\":1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPublicationIsWhatTheBackEndMakesOfIt(Encoding encoding) {
    // Given
    backend.answer(
        "publish", "{'result':{'data':{'clean':true},'tags':{'kind':'a'},'idempotency_key':'k'}}");
    try (var client = TestClient.connect(node, "alice", encoding)) {
      client.subscribe("asked:a");

      // When
      JsonObject first = client.publish("asked:a", "dirty");
      JsonObject second = client.publish("asked:a", "dirty too");

      // Then
      assertThat(error(first)).isZero();
      assertThat(error(second)).isZero();
      JsonObject publication = client.push().getJsonObject("pub");
      assertThat(publication.getJsonObject("data")).isEqualTo(of("clean", true));
      assertThat(publication.getJsonObject("tags")).isEqualTo(of("kind", "a"));
      assertThat(publication.getJsonObject("info").getString("user")).isEqualTo("alice");
      JsonObject history = client.call("history", channel("asked:a").put("limit", 10));
      assertThat(history.getJsonObject("history").getJsonArray("publications")).hasSize(1);
      backend.next();
      TestBackend.Asked asked = backend.next();
      assertThat(asked.event()).isEqualTo("publish");
      assertThat(asked.body().getString("channel")).isEqualTo("asked:a");
      assertThat(asked.body().getString("data")).isEqualTo("dirty");
    }
  }

  @Test
  void aBackEndMayLeaveAPublicationOutOfTheStream() {
    // Given
    backend.answer("publish", "{'result':{'skip_history':true}}");
    try (var client = TestClient.connect(node, "alice")) {
      client.subscribe("asked:a");

      // When
      client.publish("asked:a", 1);

      // Then
      assertThat(client.push().getJsonObject("pub").containsKey("offset")).isFalse();
      JsonObject history = client.call("history", channel("asked:a").put("limit", 10));
      assertThat(history.getJsonObject("history").getJsonArray("publications")).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'error':{'code':1001,'message':'no'}}            | 1001
          {'result':{'tags':{'kind':7}}}                    | 100
          {'result':{'version':-1}}                         | 100
          {'result':{'b64data':''}}                         | 0
          """)
  void whatMayNotBePublishedIsNot(String answer, int code) {
    // Given
    backend.answer("publish", answer);
    try (var client = TestClient.connect(node, "alice")) {
      // When
      JsonObject reply = client.publish("asked:a", 1);

      // Then
      assertThat(error(reply)).isEqualTo(code);
      if (code != 0) {
        assertThat(node.api("history", "{\"channel\":\"asked:a\"}")).contains("\"offset\":0");
      }
    }
  }

  @Test
  void aBackEndThatIsDownRefusesOnlyWhatItDecides() {
    // Given
    backend.close();
    try (var client = TestClient.connect(node, "alice")) {
      // Then
      assertThat(error(client.subscribe("asked:a"))).isEqualTo(100);
      assertThat(error(client.publish("asked:a", 1))).isEqualTo(100);
      assertThat(error(client.subscribe("open"))).isZero();
      assertThat(error(client.publish("open", 1))).isZero();
    }
  }
}
