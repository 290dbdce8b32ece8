package dev.switchboard.api;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiMethodsTest {
  private final TestNode node =
      TestNode.start(
          "node.name=first",
          "api.batch_max=3",
          "client.channels_max=3",
          "channel.namespaces.shut.publication_data_format=json_object");

  @AfterAll
  void stop() {
    node.close();
  }

  private JsonObject call(String method, String body) {
    return new JsonObject(node.api(method, body));
  }

  private JsonObject result(String method, JsonObject body) {
    JsonObject answer = call(method, body.encode());
    assertThat(answer.fieldNames()).as(answer.encode()).containsExactly("result");
    return answer.getJsonObject("result");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "publish | {'channel':'no:such','data':1} | 102",
        "publish | {'data':1} | 107",
        "publish | {'channel':'a'} | 107",
        "publish | {'channel':true,'data':1} | 107",
        "subscribe | {'user':1,'channel':'a'} | 107",
        "subscribe | {'user':'a','channel':'a','expire_at':'5'} | 107",
        "publish | {'channel':7,'data':1} | 107",
        "publish | {'channel':'ä','data':1} | 107",
        "publish | {'channel':'shut:a','data':1} | 107",
        "publish | {'channel':'a','b64data':'!'} | 107",
        "publish | {'channel':'a','data':1,'tags':{'a':{}}} | 107",
        "broadcast | {'channels':[],'data':1} | 107",
        "broadcast | {'channels':['a','b','c','d'],'data':1} | 107",
        "broadcast | {'channels':'a','data':1} | 107",
        "send | {'data':1} | 107",
        "send | {'user':'a'} | 107",
        "send | {'client':'x','data':1} | 107",
        "subscribe | {'user':'a'} | 107",
        "subscribe | {'channel':'a'} | 107",
        "subscribe | {'user':'a','channel':'no:such'} | 102",
        "subscribe | {'user':'a','channel':'a','b64data':'AQ=='} | 107",
        "unsubscribe | {'channel':'a'} | 107",
        "disconnect | {} | 107",
        "disconnect | {'user':'a','disconnect':{'code':2999}} | 107",
        "disconnect | {'user':'a','disconnect':{'code':5000}} | 107",
        "disconnect | {'user':'a','disconnect':7} | 107",
        "disconnect | {'user':'a','session':'s'} | 107",
        "refresh | {} | 107",
        "refresh | {'user':'a','expired':1} | 107",
        "refresh | {'user':'a','expire_at':-1} | 107",
        "refresh | {'user':'a','b64info':'AQ=='} | 107",
        "presence | {} | 107",
        "presence | {'channel':'shut:a'} | 108",
        "presence | {'channel':'no:such'} | 102",
        "presence_stats | {'channel':'shut:a'} | 108",
        "presence_stats | {'channel':'no:such'} | 102",
        "history | {'channel':'a'} | 108",
        "history | {'channel':'no:such'} | 102",
        "history | {} | 107",
        "Publish | {'channel':'a','data':1} | 104",
        "no_such_method | {} | 104"
      })
  void mistakesAreErrors(String method, String body, int code) {
    // When
    JsonObject answer = call(method, body.replace('\'', '"'));

    // Then
    assertThat(error(answer)).isEqualTo(code);
    assertThat(answer.getJsonObject("error").getString("message")).isNotEmpty();
  }

  @Test
  void publishReachesSubscribersWithoutASender() {
    try (var client = TestClient.connect(node, "alice")) {
      // Given
      client.subscribe("news");
      String b64 = Base64.getEncoder().encodeToString("{\"b\":2}".getBytes());

      // When
      result("publish", channel("news").put("data", of("a", 1)).put("tags", of("k", "v")));
      result("publish", channel("news").put("b64data", b64));

      // Then
      assertThat(client.push().getJsonObject("pub"))
          .isEqualTo(of("data", of("a", 1)).put("tags", of("k", "v")));
      assertThat(client.push().getJsonObject("pub")).isEqualTo(of("data", of("b", 2)));
    }
  }

  @Test
  void publicationsOfOneCallerStayInOrder() {
    try (var client = TestClient.connect(node, "alice")) {
      // Given
      client.subscribe("ordered");

      // When
      IntStream.range(0, 50).forEach(n -> node.publish("ordered", Integer.toString(n)));

      // Then
      List<Integer> numbers =
          IntStream.range(0, 50)
              .map(_ -> client.push().getJsonObject("pub").getInteger("data"))
              .boxed()
              .toList();
      assertThat(numbers).isEqualTo(IntStream.range(0, 50).boxed().toList());
    }
  }

  @Test
  void eachPartOfABroadcastFailsForItself() {
    try (var client = TestClient.connect(node, "alice")) {
      // Given
      client.subscribe("one");
      client.subscribe("two");
      var channels = new JsonArray().add("one").add("no:such").add("two");

      // When
      JsonObject result = result("broadcast", of("channels", channels).put("data", 7));

      // Then
      JsonArray responses = result.getJsonArray("responses");
      assertThat(responses.getJsonObject(0)).isEqualTo(of("result", new JsonObject()));
      assertThat(error(responses.getJsonObject(1))).isEqualTo(102);
      assertThat(responses.getJsonObject(2)).isEqualTo(of("result", new JsonObject()));
      assertThat(List.of(client.push().getString("channel"), client.push().getString("channel")))
          .containsExactly("one", "two");
    }
  }

  @Test
  void sendTellsWhatBecameOfEachSession() {
    try (var first = TestClient.open(node);
        var second = TestClient.open(node)) {
      // Given
      String one = first.connectTo(node, "sender");
      String two = second.connectTo(node, "sender");

      // When
      JsonArray toUser =
          result("send", of("user", "sender").put("data", 1)).getJsonArray("deliveries");
      JsonArray toClient =
          result("send", of("client", one).put("data", 2)).getJsonArray("deliveries");
      JsonArray offline =
          result("send", of("user", "nobody").put("data", 3)).getJsonArray("deliveries");
      String stale = one.substring(0, one.length() - 1) + (one.endsWith("0") ? "1" : "0");
      JsonArray unknown =
          result("send", of("client", stale).put("data", 4)).getJsonArray("deliveries");

      // Then
      assertThat(outcomes(toUser)).containsExactlyInAnyOrder(one + " written", two + " written");
      assertThat(outcomes(toClient)).containsExactly(one + " written");
      assertThat(outcomes(offline)).containsExactly("nobody offline");
      assertThat(outcomes(unknown)).containsExactly(stale + " unknown");
      assertThat(first.push()).isEqualTo(of("message", of("data", 1)));
      assertThat(first.push()).isEqualTo(of("message", of("data", 2)));
      assertThat(second.push()).isEqualTo(of("message", of("data", 1)));
    }
  }

  @Test
  void everyOrderSaysWhatBecameOfEachSession() {
    try (var client = TestClient.open(node)) {
      // Given
      String id = client.connectTo(node, "told");
      JsonObject told = of("user", "told");
      JsonObject toChannel = told.copy().mergeIn(channel("given"));
      JsonArray itself = new JsonArray().add(id);

      // When
      List<String> outcomes =
          List.of(
              tell("subscribe", toChannel),
              tell("subscribe", toChannel),
              tell("unsubscribe", toChannel),
              tell("unsubscribe", toChannel),
              tell("unsubscribe", told),
              tell("refresh", told),
              tell("disconnect", told.copy().put("whitelist", itself)),
              tell("disconnect", told),
              tell("disconnect", told),
              tell("refresh", of("client", id)));

      // Then
      assertThat(outcomes)
          .containsExactly(
              id + " written",
              id + " dropped already_subscribed",
              id + " written",
              id + " dropped not_subscribed",
              id + " dropped not_subscribed",
              id + " written",
              id + " dropped spared",
              id + " written",
              "told offline",
              id + " unknown");
    }
  }

  @Test
  void subscribingKeepsTheLimitOfTheSession() {
    try (var client = TestClient.open(node)) {
      // Given
      String id = client.connectTo(node, "full");
      IntStream.range(0, 3).forEach(n -> client.subscribe("full-" + n));

      // When
      String outcome = tell("subscribe", of("user", "full").put("channel", "one-more"));

      // Then
      assertThat(outcome).isEqualTo(id + " dropped channels_max");
      assertThat(result("presence_stats", channel("one-more")).getInteger("num_clients")).isZero();
    }
  }

  @Test
  void refreshTellsTheClientHowLongItIsGood() {
    try (var client = TestClient.connect(node, "fresh")) {
      // Given
      client.subscribe("fresh");
      long second = Instant.now().getEpochSecond();
      JsonObject fresh = of("user", "fresh");

      // When
      tell("refresh", fresh.copy().put("expire_at", second + 100).put("info", of("a", 1)));
      tell("refresh", fresh.copy().put("expire_at", Long.MAX_VALUE));
      tell("refresh", fresh);

      // Then
      JsonObject told = client.push().getJsonObject("refresh");
      assertThat(told.getBoolean("expires")).isTrue();
      assertThat(told.getLong("ttl")).isBetween(90L, 100L);
      assertThat(client.push().getJsonObject("refresh").getLong("ttl"))
          .isBetween(1_000_000L, 0xffff_ffffL);
      assertThat(client.push()).isEqualTo(of("refresh", new JsonObject()));
      assertThat(result("presence", channel("fresh")).encode()).contains("{\"a\":1}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'user':'late','expired':true}", "{'user':'late','expire_at':1}"})
  void refreshEndsASessionWhoseTimeIsOver(String body) {
    try (var client = TestClient.connect(node, "late")) {
      // When
      call("refresh", body.replace('\'', '"'));

      // Then
      assertThat(client.closed()).isEqualTo(new TestClient.Close(3005, "connection expired"));
    }
  }

  private String tell(String method, JsonObject body) {
    return String.join(", ", outcomes(result(method, body).getJsonArray("deliveries")));
  }

  private static List<String> outcomes(JsonArray deliveries) {
    return deliveries.stream()
        .map(JsonObject.class::cast)
        .map(
            delivery ->
                Stream.of("client", "outcome", "reason")
                    .map(delivery::getString)
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining(" ")))
        .collect(Collectors.toList());
  }

  @Test
  void subscribeAndUnsubscribeMeanEverySessionOfTheUser() {
    try (var first = TestClient.connect(node, "twin");
        var second = TestClient.connect(node, "twin")) {
      // When
      result("subscribe", of("user", "twin").put("channel", "$given").put("data", of("a", 1)));
      result("subscribe", of("user", "twin").put("channel", "$given"));
      node.publish("$given", "1");
      result("unsubscribe", of("user", "twin").put("channel", "$given"));
      node.publish("$given", "2");

      // Then
      for (TestClient client : List.of(first, second)) {
        assertThat(client.push())
            .isEqualTo(channel("$given").put("subscribe", of("data", of("a", 1))));
        assertThat(client.push().getJsonObject("pub")).isEqualTo(of("data", 1));
        assertThat(client.push())
            .isEqualTo(
                channel("$given")
                    .put("unsubscribe", of("code", 2000).put("reason", "server unsubscribe")));
        String last = client == first ? "last-of-first" : "last-of-second";
        client.subscribe(last);
        node.publish(last, "3");
        assertThat(client.push().getString("channel")).isEqualTo(last);
      }
    }
  }

  @Test
  void unsubscribeWithoutAChannelMeansAll() {
    try (var client = TestClient.connect(node, "leaver")) {
      // Given
      client.subscribe("a");
      client.subscribe("b");

      // When
      result("unsubscribe", of("user", "leaver"));

      // Then
      assertThat(List.of(client.push().getString("channel"), client.push().getString("channel")))
          .containsExactlyInAnyOrder("a", "b");
    }
  }

  @Test
  void disconnectMeansEverySessionOfTheUserButTheSpared() {
    try (var spared = TestClient.open(node);
        var first = TestClient.connect(node, "banned");
        var second = TestClient.connect(node, "banned");
        var other = TestClient.connect(node, "other")) {
      // Given
      String id = spared.connectTo(node, "banned");

      // When
      result("disconnect", of("user", "banned").put("whitelist", new JsonArray().add(id)));

      // Then
      assertThat(first.closed()).isEqualTo(new TestClient.Close(3503, "force disconnect"));
      assertThat(second.closed().code()).isEqualTo(3503);
      assertThat(error(spared.publish("a", 1))).isZero();
      assertThat(error(other.publish("a", 1))).isZero();
    }
  }

  @Test
  void disconnectMayNameClientCodeAndReason() {
    try (var client = TestClient.open(node);
        var same = TestClient.connect(node, "picked")) {
      // Given
      String id = client.connectTo(node, "picked");

      // When
      result(
          "disconnect",
          of("client", id).put("disconnect", of("code", 4999).put("reason", "sorry")));

      // Then
      assertThat(client.closed()).isEqualTo(new TestClient.Close(4999, "sorry"));
      assertThat(error(same.publish("a", 1))).isZero();
    }
  }

  @Test
  void code3000DropsTheSocketWithoutACloseFrame() {
    try (var client = TestClient.connect(node, "dropped")) {
      // When
      result("disconnect", of("user", "dropped").put("disconnect", of("code", 3000)));

      // Then
      assertThat(client.closed().code()).isEqualTo(1006);
    }
  }

  @Test
  void presenceAndChannelsTellWhoIsWhere() {
    try (var client = TestClient.open(node);
        var other = TestClient.connect(node, "bob")) {
      // Given
      String id = client.connectTo(node, "alice");
      client.subscribe("rooms.1");
      client.subscribe("rooms.2");
      other.subscribe("rooms.2");

      // Then
      assertThat(result("presence", channel("rooms.1")))
          .isEqualTo(of("presence", of(id, of("user", "alice").put("client", id))));
      assertThat(result("presence_stats", channel("rooms.2")))
          .isEqualTo(of("num_clients", 2).put("num_users", 2));
      assertThat(result("presence_stats", channel("empty")))
          .isEqualTo(of("num_clients", 0).put("num_users", 0));
      assertThat(result("channels", of("pattern", "rooms.?")).getJsonObject("channels"))
          .isEqualTo(of("rooms.1", of("num_clients", 1)).put("rooms.2", of("num_clients", 2)));
      assertThat(result("channels", of("pattern", "*.1")).getJsonObject("channels").fieldNames())
          .containsExactly("rooms.1");
      assertThat(result("channels", new JsonObject()).getJsonObject("channels").fieldNames())
          .contains("rooms.1", "rooms.2");
      assertThat(error(call("channels", of("pattern", "*".repeat(256)).encode()))).isEqualTo(107);
    }
  }

  @Test
  void infoDescribesTheNode() {
    try (var client = TestClient.connect(node, "alice")) {
      // Given
      client.subscribe("described");

      // When
      JsonArray nodes = result("info", new JsonObject()).getJsonArray("nodes");

      // Then
      assertThat(nodes).hasSize(1);
      JsonObject view = nodes.getJsonObject(0);
      assertThat(view.getString("name")).isEqualTo("first");
      assertThat(view.getString("uid")).matches("[0-9a-f]{16}");
      assertThat(view.getInteger("num_clients")).isPositive();
      assertThat(view.getInteger("num_users")).isPositive();
      assertThat(view.getInteger("num_channels")).isPositive();
      assertThat(view.getInteger("num_subs")).isPositive();
      assertThat(view.getInteger("uptime")).isNotNegative();
    }
  }
}
