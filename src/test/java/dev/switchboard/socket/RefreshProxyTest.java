package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.TestBackend;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestClock;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A back end says whether sessions and subscriptions go on whose time is over.
class RefreshProxyTest {
  private static final String SPACE = "channel.namespaces.asked.";
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final TestClock clock = new TestClock();
  private final TestBackend backend = TestBackend.start();
  private TestNode node;

  @BeforeEach
  void start() {
    node =
        TestNode.start(
            clock,
            backend.known(
                "default",
                "client.refresh_proxy.enabled=true",
                SPACE + "sub_refresh_proxy_enabled=true",
                SPACE + "presence=true",
                SPACE + "allow_presence_for_subscriber=true",
                "channel.without_namespace.presence=true",
                "heartbeat.interval=20ms",
                "backend.timeout=2s"));
  }

  @AfterEach
  void stop() {
    node.close();
    backend.close();
  }

  private long in(Duration time) {
    return clock.instant().plus(time).getEpochSecond();
  }

  private JsonObject connect(TestClient client) {
    return client.connect(node.token("alice", MINUTE)).getJsonObject("connect");
  }

  private JsonObject subscribe(TestClient client) {
    String token = node.signer().subscription("alice", "asked:a", MINUTE);
    return client
        .call("subscribe", channel("asked:a").put("token", token))
        .getJsonObject("subscribe");
  }

  @Test
  void aSessionGoesOnAsTheBackEndSays() {
    // Given
    try (var client = TestClient.open(node)) {
      JsonObject reply = connect(client);
      client.subscribe("open");
      String next = "{'result':{'expire_at':%d,'info':{'v':2},'meta':{'m':1}}}";
      backend.answer("refresh", next.formatted(in(MINUTE.multipliedBy(3))));

      // When
      clock.jump(MINUTE.plusSeconds(2));

      // Then
      TestBackend.Asked asked = backend.next();
      assertThat(asked.event()).isEqualTo("refresh");
      assertThat(asked.body().getString("user")).isEqualTo("alice");
      assertThat(reply.containsKey("expires")).isFalse();
      await()
          .untilAsserted(
              () ->
                  assertThat(client.call("presence", channel("open")).encode())
                      .contains("{\"v\":2}"));

      // And it is asked again with what it said, when that time is over.
      backend.answer("refresh", "{'result':{'expired':true}}");
      clock.jump(MINUTE.multipliedBy(3));
      assertThat(backend.next().body().getJsonObject("meta")).isEqualTo(of("m", 1));
      assertThat(client.closed().code()).isEqualTo(3005);
    }
  }

  @Test
  void aBackEndThatSaysNothingGivesAMinute() {
    // Given
    backend.status(500);
    try (var client = TestClient.open(node)) {
      connect(client);

      // When
      clock.jump(MINUTE.plusSeconds(2));

      // Then
      assertThat(backend.next().event()).isEqualTo("refresh");
      assertThat(client.subscribe("open").containsKey("subscribe")).isTrue();
      assertThat(backend.asked()).isZero();
      clock.jump(MINUTE.plusSeconds(2));
      assertThat(backend.next().event()).isEqualTo("refresh");
      assertThat(client.isClosed()).isFalse();
    }
  }

  @Test
  void errorsAndDisconnectsAreNoAnswers() {
    // Given
    backend.answer("refresh", "{'disconnect':{'code':4500,'reason':'banned'}}");
    try (var client = TestClient.open(node)) {
      connect(client);

      // When
      clock.jump(MINUTE.plusSeconds(2));
      backend.next();

      // Then
      assertThat(client.subscribe("open").containsKey("subscribe")).isTrue();
    }
  }

  @Test
  void aSubscriptionGoesOnAsTheBackEndSays() {
    // Given
    try (var client = TestClient.connect(node, "alice")) {
      JsonObject reply = subscribe(client);
      String next = "{'result':{'expire_at':%d,'info':{'seat':2}}}";
      backend.answer("sub_refresh", next.formatted(in(MINUTE.multipliedBy(3))));

      // When
      clock.jump(MINUTE.plusSeconds(2));

      // Then
      TestBackend.Asked asked = backend.next();
      assertThat(asked.event()).isEqualTo("sub_refresh");
      assertThat(asked.body().getString("channel")).isEqualTo("asked:a");
      assertThat(reply.containsKey("expires")).isFalse();
      await()
          .untilAsserted(
              () ->
                  assertThat(client.call("presence", channel("asked:a")).encode())
                      .contains("{\"seat\":2}"));

      // And ends when it says so.
      backend.answer("sub_refresh", "{'result':{'expired':true}}");
      clock.jump(MINUTE.multipliedBy(3));
      assertThat(client.push().getJsonObject("unsubscribe").getInteger("code")).isEqualTo(2501);
    }
  }

  @Test
  void clientsThatDoItThemselvesBreakTheProtocol() {
    try (var one = TestClient.connect(node, "alice");
        var other = TestClient.connect(node, "alice")) {
      // Given
      subscribe(other);

      // When
      one.send(of("id", 9).put("refresh", of("token", node.token("alice"))).encode());
      String token = node.signer().subscription("alice", "asked:a", MINUTE);
      other.send(of("id", 9).put("sub_refresh", channel("asked:a").put("token", token)).encode());

      // Then
      assertThat(one.closed().code()).isEqualTo(3501);
      assertThat(other.closed().code()).isEqualTo(3501);
    }
  }
}
