package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestClock;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefreshTest {
  private final TestClock clock = new TestClock();
  private final TestNode node = TestNode.start(clock, "heartbeat.interval=20ms");

  @AfterAll
  void stop() {
    node.close();
  }

  private String subscriptionToken(String user, String name, JsonObject claims) {
    return node.signer().sign(user, Duration.ofHours(1), claims.copy().mergeIn(channel(name)));
  }

  private static JsonObject notYet() {
    return of("nbf", Instant.now().getEpochSecond() + 3_600);
  }

  private static void refresh(TestClient client, String token) {
    client.send(of("id", 77).put("refresh", of("token", token)).encode());
  }

  @Nested
  class OfConnections {
    @Test
    void aNewTokenExtendsTheSession() {
      try (var client = TestClient.open(node)) {
        // Given
        JsonObject connected =
            client.connect(node.token("alice", Duration.ofSeconds(100))).getJsonObject("connect");

        // When
        JsonObject reply = client.call("refresh", of("token", node.token("alice")));

        // Then
        JsonObject result = reply.getJsonObject("refresh");
        assertThat(result.getString("client")).isEqualTo(connected.getString("client"));
        assertThat(result.getString("version")).isNotEmpty();
        assertThat(result.getBoolean("expires")).isTrue();
        assertThat(result.getLong("ttl")).isBetween(3_590L, 3_600L);
      }
    }

    @Test
    void aBadTokenEndsTheSession() {
      try (var forged = TestClient.connect(node, "alice");
          var foreign = TestClient.connect(node, "alice");
          var expired = TestClient.connect(node, "alice");
          var missing = TestClient.connect(node, "alice")) {
        // When
        refresh(forged, "forged");
        refresh(foreign, node.token("bob"));
        refresh(expired, node.signer().sign("alice", Duration.ofHours(1), notYet()));
        refresh(missing, "");

        // Then
        assertThat(forged.closed().code()).isEqualTo(3500);
        assertThat(foreign.closed().code()).isEqualTo(3500);
        assertThat(expired.closed()).isEqualTo(new TestClient.Close(3005, "connection expired"));
        assertThat(missing.closed().code()).isEqualTo(3501);
      }
    }

    @Test
    void whoDoesNotRefreshIsClosedAfterTheGrace() {
      try (var own = TestNode.start(clock, "heartbeat.interval=20ms", "client.expired_grace=2s");
          var late = TestClient.open(own);
          var patient = TestClient.connect(own, "bob")) {
        // Given
        long startedAt = System.nanoTime();
        late.connect(own.token("alice", Duration.ofSeconds(1)));

        // When
        TestClient.Close close = late.closed();

        // Then
        assertThat(close.code()).isEqualTo(3005);
        assertThat(Duration.ofNanos(System.nanoTime() - startedAt))
            .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(7));
        assertThat(error(patient.publish("a", 1))).isZero();
      }
    }
  }

  @Nested
  class OfSubscriptions {
    @Test
    void aNewTokenExtendsTheSubscription() {
      try (var client = TestClient.connect(node, "alice")) {
        // Given
        String first = node.signer().subscription("alice", "$a", Duration.ofSeconds(100));
        client.call("subscribe", channel("$a").put("token", first));

        // When
        String next = subscriptionToken("alice", "$a", new JsonObject());
        JsonObject reply = client.call("sub_refresh", channel("$a").put("token", next));

        // Then
        JsonObject result = reply.getJsonObject("sub_refresh");
        assertThat(result.getBoolean("expires")).isTrue();
        assertThat(result.getLong("ttl")).isBetween(3_590L, 3_600L);
      }
    }

    @Test
    void whatCannotBeRefreshedIsAnError() {
      try (var client = TestClient.connect(node, "alice")) {
        // Given
        client.subscribe("a");

        // When
        JsonObject unknown = client.call("sub_refresh", channel("b").put("token", "x"));
        JsonObject missing = client.call("sub_refresh", channel("a"));

        // Then
        assertThat(error(unknown)).isEqualTo(103);
        assertThat(error(missing)).isEqualTo(107);
      }
    }

    @Test
    void aForgedOrForeignTokenEndsTheSession() {
      for (String token :
          new String[] {
            "forged",
            node.token("alice"),
            subscriptionToken("bob", "a", new JsonObject()),
            subscriptionToken("alice", "b", new JsonObject())
          }) {
        try (var client = TestClient.connect(node, "alice")) {
          // Given
          client.subscribe("a");

          // When
          client.send(of("id", 7).put("sub_refresh", channel("a").put("token", token)).encode());

          // Then
          assertThat(client.closed()).isEqualTo(new TestClient.Close(3500, "invalid token"));
        }
      }
    }

    @Test
    void anExpiredTokenEndsTheSubscriptionWhichMayBeMadeAgain() {
      try (var client = TestClient.connect(node, "alice")) {
        // Given
        client.subscribe("a");
        String token = subscriptionToken("alice", "a", notYet());

        // When
        client.send(of("id", 7).put("sub_refresh", channel("a").put("token", token)).encode());

        // Then
        assertThat(client.push())
            .isEqualTo(
                channel("a")
                    .put("unsubscribe", of("code", 2501).put("reason", "subscription expired")));
        assertThat(error(client.subscribe("a"))).isZero();
      }
    }

    @Test
    void whatIsNotRefreshedEndsAfterTheGrace() {
      try (var client = TestClient.connect(node, "alice")) {
        // Given
        String soon = node.signer().subscription("alice", "$soon", Duration.ofSeconds(100));
        client.call("subscribe", channel("$soon").put("token", soon));
        client.subscribe("other");

        // When
        clock.jump(Duration.ofSeconds(120));
        node.awaitSweep();
        boolean quietInGrace = client.isQuiet();
        clock.jump(Duration.ofSeconds(10));

        // Then
        assertThat(quietInGrace).isTrue();
        assertThat(client.push().getJsonObject("unsubscribe").getInteger("code")).isEqualTo(2501);
        node.publish("$soon", "1");
        node.publish("other", "2");
        assertThat(client.push().getString("channel")).isEqualTo("other");
        clock.jump(Duration.ofSeconds(-130));
      }
    }

    @Test
    void aSubscriptionOfTheApiExpiresToo() {
      try (var client = TestClient.connect(node, "carol")) {
        // Given
        long past = Instant.now().getEpochSecond() - 60;

        // When
        node.api(
            "subscribe", of("user", "carol").put("channel", "a").put("expire_at", past).encode());

        // Then
        assertThat(client.push().containsKey("subscribe")).isTrue();
        assertThat(client.closed()).isEqualTo(new TestClient.Close(3006, "subscription expired"));
        await().until(() -> node.api("channels", "{\"pattern\":\"a\"}").contains("{}"));
      }
    }
  }
}
