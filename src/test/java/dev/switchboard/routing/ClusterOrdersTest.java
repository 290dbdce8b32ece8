package dev.switchboard.routing;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestCluster;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What node 1 is asked to do to sessions of node 0, and what is promised to clients of both.
class ClusterOrdersTest {
  private static final int ROUNDS = 300;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster =
        TestCluster.of(
            2,
            "client.commands_per_second=1000000",
            "channel.namespaces.kept.history_size=10",
            "channel.namespaces.kept.history_ttl=1h");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private record Connected(TestClient client, String id) implements AutoCloseable {
    static Connected to(int node, String user) {
      var client = TestClient.open(cluster.node(node));
      return new Connected(client, client.connectTo(cluster.node(node), user));
    }

    @Override
    public void close() {
      client.close();
    }
  }

  @Test
  void ordersByClientIdAreCarriedOutOnItsNode() {
    try (var alice = Connected.to(0, "alice")) {
      // Given
      JsonObject given = client(alice).put("channel", "given");
      String written = alice.id() + " written";

      // When
      var subscribed = tell("subscribe", given.copy().put("data", of("welcome", true)));
      var again = tell("subscribe", given);

      // Then
      assertThat(subscribed).containsExactly(written);
      assertThat(again).containsExactly(alice.id() + " dropped already_subscribed");
      JsonObject push = alice.client().push();
      assertThat(push.getString("channel")).isEqualTo("given");
      assertThat(push.getJsonObject("subscribe").getJsonObject("data"))
          .isEqualTo(of("welcome", true));

      // When
      cluster.node(1).publish("given", "1");
      var sent = tell("send", client(alice).put("data", 2));
      var refreshed = tell("refresh", client(alice));
      var unsubscribed = tell("unsubscribe", given.copy().put("code", 2502));
      var unsubscribedAgain = tell("unsubscribe", given);

      // Then
      assertThat(sent).containsExactly(written);
      assertThat(refreshed).containsExactly(written);
      assertThat(unsubscribed).containsExactly(written);
      assertThat(unsubscribedAgain).containsExactly(alice.id() + " dropped not_subscribed");
      assertThat(alice.client().push().getJsonObject("pub")).isEqualTo(of("data", 1));
      assertThat(alice.client().push()).isEqualTo(of("message", of("data", 2)));
      assertThat(alice.client().push().containsKey("refresh")).isTrue();
      assertThat(alice.client().push().getJsonObject("unsubscribe").getInteger("code"))
          .isEqualTo(2502);

      // When
      var closed =
          tell("disconnect", client(alice).put("disconnect", of("code", 4001).put("reason", "no")));

      // Then
      assertThat(closed).containsExactly(written);
      assertThat(alice.client().closed()).isEqualTo(new TestClient.Close(4001, "no"));
      assertThat(tell("send", client(alice).put("data", 3)))
          .containsExactly(alice.id() + " unknown");
    }
  }

  @Test
  void aServiceSaysFromWhereAClientOfAnotherNodeBegins() {
    try (var dave = Connected.to(0, "dave")) {
      // Given
      cluster.node(1).publish("kept:1", "1");
      cluster.node(1).publish("kept:1", "2");

      // When
      var order = client(dave).put("channel", "kept:1").put("recover_since", of("offset", 1));
      var subscribed = tell("subscribe", order);

      // Then
      assertThat(subscribed).containsExactly(dave.id() + " written");
      assertThat(dave.client().push().getJsonObject("subscribe").getLong("offset")).isEqualTo(1);
      assertThat(dave.client().push().getJsonObject("pub").getInteger("data")).isEqualTo(2);
    }
  }

  @Test
  void ordersByUserAreCarriedOutOnAllNodes() {
    try (var here = Connected.to(1, "bob");
        var there = Connected.to(0, "bob")) {
      // Given
      JsonObject given = of("user", "bob").put("channel", "both");
      var written = Set.of(here.id() + " written", there.id() + " written");

      // Then
      assertThat(tell("subscribe", given)).isEqualTo(written);
      assertThat(tell("refresh", of("user", "bob"))).isEqualTo(written);
      cluster.node(1).publish("both", "1");
      assertThat(tell("unsubscribe", of("user", "bob"))).isEqualTo(written);
      for (var each : List.of(here, there)) {
        assertThat(each.client().push().containsKey("subscribe")).isTrue();
        assertThat(each.client().push().containsKey("refresh")).isTrue();
        assertThat(each.client().push().getJsonObject("pub")).isEqualTo(of("data", 1));
        assertThat(each.client().push().containsKey("unsubscribe")).isTrue();
      }

      // When
      var closed =
          tell("disconnect", of("user", "bob").put("whitelist", new JsonArray().add(here.id())));

      // Then
      assertThat(closed)
          .containsExactlyInAnyOrder(here.id() + " dropped spared", there.id() + " written");
      assertThat(there.client().closed().code()).isEqualTo(3503);
      assertThat(here.client().isClosed()).isFalse();
    }
  }

  @Test
  void anExpiredRefreshClosesASessionOfAnotherNode() {
    try (var carol = Connected.to(0, "carol")) {
      // When
      var closed = tell("refresh", of("user", "carol").put("expired", true));

      // Then
      assertThat(closed).containsExactly(carol.id() + " written");
      assertThat(carol.client().closed().code()).isEqualTo(3005);
      await().atMost(PATIENCE).until(() -> outcome("carol").equals(Set.of("carol offline")));
    }
  }

  @Test
  void theBusReachesSessionsOfAllNodes() {
    try (var here = Connected.to(1, "dave");
        var there = Connected.to(0, "dave")) {
      // Given
      var bus = cluster.node(1).node().vertx().eventBus();
      var options =
          new DeliveryOptions()
              .setSendTimeout(PATIENCE.toMillis())
              .addHeader("switchboard-version", "1");
      JsonObject request = of("user", "dave").put("data", "hello");

      // When: each node takes one of two calls in turn
      for (int call = 0; call < 2; call++) {
        var reply = bus.<JsonObject>request("switchboard.send", request, options).await().body();

        // Then
        assertThat(deliveries(reply))
            .containsExactlyInAnyOrder(here.id() + " written", there.id() + " written");
        for (var each : List.of(here, there)) {
          assertThat(each.client().push()).isEqualTo(of("message", of("data", "hello")));
        }
      }
    }
  }

  @Test
  void whoLeftIsNotPresent() {
    try (var stays = Connected.to(0, "erin");
        var goes = Connected.to(1, "frank");
        var breaks = Connected.to(1, "grace")) {
      // Given
      for (var each : List.of(stays, goes, breaks)) {
        each.client().subscribe("hall");
      }
      assertThat(present("hall")).containsOnly(stays.id(), goes.id(), breaks.id());

      // When
      goes.client().call("unsubscribe", channel("hall"));

      // Then
      assertThat(present("hall")).containsOnly(stays.id(), breaks.id());

      // When
      breaks.client().abort();

      // Then
      await().atMost(PATIENCE).until(() -> present("hall").equals(Set.of(stays.id())));
      assertThat(api(0, "presence_stats", channel("hall")))
          .isEqualTo(of("num_clients", 1).put("num_users", 1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, ROUNDS})
  void whatIsPublishedAfterTheSubscribeReplyIsNeverMissed(int channels) {
    try (var heidi = Connected.to(0, "heidi")) {
      for (int round = 0; round < ROUNDS; round++) {
        // Given
        String name = "promised-" + round % channels;

        // When
        assertThat(heidi.client().subscribe(name).containsKey("subscribe")).isTrue();
        cluster.node(1).publish(name, "" + round);

        // Then
        JsonObject push = heidi.client().push();
        assertThat(push.getString("channel")).isEqualTo(name);
        assertThat(push.getJsonObject("pub")).isEqualTo(of("data", round));
        heidi.client().call("unsubscribe", channel(name));
      }
    }
  }

  @Test
  void whatIsPublishedOrSentAfterTheConnectReplyIsNeverMissed() {
    for (int round = 0; round < 100; round++) {
      // Given
      String user = "ivan-" + round;
      String name = "granted-" + round;
      var granted = of("channels", new JsonArray().add(name));
      String token = cluster.node(0).signer().sign(user, Duration.ofHours(1), granted);
      try (var client = TestClient.open(cluster.node(0))) {

        // When
        var reply = client.connect(token).getJsonObject("connect");
        cluster.node(1).publish(name, "" + round);
        var sent = outcome(user);

        // Then
        assertThat(sent).containsExactly(reply.getString("client") + " written");
        assertThat(client.push().getJsonObject("pub")).isEqualTo(of("data", round));
        assertThat(client.push().containsKey("message")).isTrue();
      }
    }
  }

  private static JsonObject client(Connected connected) {
    return of("client", connected.id());
  }

  private static Set<String> outcome(String user) {
    return tell("send", of("user", user).put("data", "?"));
  }

  private static Set<String> tell(String method, JsonObject request) {
    return deliveries(api(1, method, request));
  }

  private static JsonObject api(int node, String method, JsonObject request) {
    return new JsonObject(cluster.node(node).api(method, request.encode())).getJsonObject("result");
  }

  private static Set<String> present(String channel) {
    return api(0, "presence", channel(channel)).getJsonObject("presence").fieldNames();
  }

  private static Set<String> deliveries(JsonObject result) {
    return result.getJsonArray("deliveries").stream()
        .map(JsonObject.class::cast)
        .map(
            one ->
                one.getString("client")
                    + " "
                    + one.getString("outcome")
                    + (one.containsKey("reason") ? " " + one.getString("reason") : ""))
        .collect(Collectors.toSet());
  }
}
