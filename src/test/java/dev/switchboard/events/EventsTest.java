package dev.switchboard.events;

import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Lifecycle events of a node in no cluster, as back ends see them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsTest {
  private final TestNode node =
      TestNode.start(
          "events.enabled=true",
          "channel.without_namespace.lifecycle_events=true",
          "channel.namespaces.quiet.allow_subscribe_for_client=true");
  private final EventReader reader = new EventReader(() -> node);

  @AfterAll
  void stop() {
    node.close();
  }

  private JsonObject api(String method, JsonObject request) {
    return new JsonObject(node.api(method, request.encode()));
  }

  @Test
  void aSessionIsToldFromItsBeginningToItsEnd() {
    try (var client = TestClient.open(node)) {
      // Given
      String id = client.connectTo(node, "ann");
      client.subscribe("room");
      client.call("unsubscribe", of("channel", "room"));
      client.subscribe("hall");

      // When
      api("disconnect", of("user", "ann"));

      // Then
      await()
          .untilAsserted(
              () ->
                  assertThat(reader.of(id))
                      .containsExactly(
                          "connected",
                          "subscribed room",
                          "unsubscribed room",
                          "subscribed hall",
                          "unsubscribed hall",
                          "disconnected 3503"));
      await()
          .untilAsserted(
              () -> assertThat(reader.of("hall")).containsExactly("occupied", "vacated"));
      JsonObject end =
          reader.events().stream()
              .filter(event -> "disconnected".equals(event.getString("event")))
              .filter(event -> id.equals(event.getString("client")))
              .findFirst()
              .orElseThrow();
      assertThat(end.getString("user")).isEqualTo("ann");
      assertThat(end.getString("reason")).isEqualTo("force disconnect");
      assertThat(end.getLong("duration_ms")).isBetween(0L, 60_000L);
      assertThat(end.getLong("at")).isBetween(0L, System.currentTimeMillis());
    }
  }

  @Test
  void theEventIsThereBeforeTheConnectReply() {
    try (var client = TestClient.open(node)) {
      // When
      String id = client.connectTo(node, "bea");

      // Then
      assertThat(reader.of(id)).containsExactly("connected");
    }
  }

  @Test
  void aChannelIsOccupiedAsLongAsAnybodyIsThere() {
    try (var first = TestClient.connect(node, "cid");
        var second = TestClient.connect(node, "dan")) {
      // Given
      first.subscribe("den");
      second.subscribe("den");

      // When
      first.call("unsubscribe", of("channel", "den"));
      second.call("unsubscribe", of("channel", "den"));
      first.subscribe("den");

      // Then
      await()
          .untilAsserted(
              () ->
                  assertThat(reader.of("den")).containsExactly("occupied", "vacated", "occupied"));
    }
  }

  @Test
  void aNamespaceThatDoesNotAskForItMakesNoEvents() {
    try (var client = TestClient.open(node)) {
      // Given
      String id = client.connectTo(node, "eve");

      // When
      client.subscribe("quiet:room");
      client.subscribe("loud");

      // Then
      await()
          .untilAsserted(
              () -> assertThat(reader.of(id)).containsExactly("connected", "subscribed loud"));
      assertThat(reader.of("quiet:room")).isEmpty();
    }
  }

  @Test
  void usersAreOnlineOrWereLastSeen() {
    try (var stays = TestClient.connect(node, "fay")) {
      long before = System.currentTimeMillis();
      try (var _ = TestClient.connect(node, "fay");
          var _ = TestClient.connect(node, "gus")) {
        // Given
        assertThat(users("fay", "gus"))
            .containsExactly(
                of("user", "fay").put("online", true).put("connections", 2),
                of("user", "gus").put("online", true).put("connections", 1));
      }

      // When
      await().until(() -> users("gus").getJsonObject(0).getInteger("connections") == 0);

      // Then
      JsonArray users = users("gus", "fay", "nobody");
      assertThat(users.getJsonObject(0).getBoolean("online")).isFalse();
      assertThat(users.getJsonObject(0).getLong("last_seen"))
          .isBetween(before, System.currentTimeMillis());
      assertThat(users.getJsonObject(1).containsKey("last_seen")).isFalse();
      assertThat(users.getJsonObject(2))
          .isEqualTo(of("user", "nobody").put("online", false).put("connections", 0));
      assertThat(stays.isClosed()).isFalse();
    }
  }

  private JsonArray users(String... users) {
    return api("users", of("users", new JsonArray(List.of(users))))
        .getJsonObject("result")
        .getJsonArray("users");
  }

  @Test
  void aStreamOfEventsIsReadLikeOthersAndWrittenByNobodyElse() {
    try (var client = TestClient.open(node)) {
      // Given
      client.connectTo(node, "hal");
      JsonObject event = reader.events().getLast();
      String channel = "$events." + event.getInteger("stream");

      // When
      JsonObject history =
          api("history", of("channel", channel).put("limit", 100)).getJsonObject("result");

      // Then
      assertThat(history.getString("epoch")).isEqualTo(event.getString("epoch"));
      assertThat(history.getJsonArray("publications")).isNotEmpty();
      var publication = of("channel", channel).put("data", 1);
      assertThat(code(api("publish", publication))).isEqualTo(102);
      assertThat(code(api("history_remove", of("channel", channel)))).isEqualTo(102);
      assertThat(code(client.subscribe(channel))).isEqualTo(102);
    }
  }

  private static int code(JsonObject answer) {
    return answer.getJsonObject("error").getInteger("code");
  }

  @Test
  void aServiceOnTheBusHearsThatThereIsSomethingNew() {
    // Given
    List<JsonObject> hints = new CopyOnWriteArrayList<>();
    var consumer =
        node.node()
            .vertx()
            .eventBus()
            .<JsonObject>consumer("switchboard.events.new", hint -> hints.add(hint.body()));
    consumer.completion().await();

    try (var client = TestClient.open(node)) {
      // When
      String id = client.connectTo(node, "ida");

      // Then
      await()
          .untilAsserted(
              () -> {
                JsonObject event =
                    reader.events().stream()
                        .filter(each -> id.equals(each.getString("client")))
                        .findFirst()
                        .orElseThrow();
                assertThat(hints)
                    .anySatisfy(
                        hint -> {
                          assertThat(hint.getInteger("stream"))
                              .isEqualTo(event.getInteger("stream"));
                          assertThat(hint.getString("epoch")).isEqualTo(event.getString("epoch"));
                          assertThat(hint.getLong("offset"))
                              .isGreaterThanOrEqualTo(event.getLong("offset"));
                        });
              });
    }
  }

  @Test
  void aServiceAsksOnTheBus() {
    try (var _ = TestClient.connect(node, "jon")) {
      // When
      JsonObject users = ask("users", of("users", new JsonArray().add("jon")));
      JsonObject events = ask("events", of("limit", 1_000));

      // Then
      assertThat(users.getJsonArray("users").getJsonObject(0).getBoolean("online")).isTrue();
      assertThat(events.getJsonArray("events"))
          .anyMatch(event -> "jon".equals(((JsonObject) event).getString("user")));
    }
  }

  private JsonObject ask(String method, JsonObject body) {
    var options = new DeliveryOptions().addHeader("switchboard-version", "1");
    return node.node()
        .vertx()
        .eventBus()
        .<JsonObject>request("switchboard." + method, body, options)
        .await()
        .body();
  }

  @Test
  void wrongQuestionsAreRefused() {
    // When
    JsonObject cursor = api("events", of("cursor", "1@2"));
    JsonObject limit = api("events", of("limit", 0));
    JsonObject nobody = api("users", of("users", new JsonArray()));

    // Then
    for (JsonObject answer : List.of(cursor, limit, nobody)) {
      assertThat(answer.getJsonObject("error").getInteger("code")).isEqualTo(107);
    }
  }

  @Test
  void withoutEventsTheyAreNotAvailable() {
    try (var plain = TestNode.start()) {
      // When
      var answer = new JsonObject(plain.api("events", "{}"));
      var users = new JsonObject(plain.api("users", "{\"users\":[\"ann\"]}"));

      // Then
      assertThat(answer.getJsonObject("error").getInteger("code")).isEqualTo(108);
      assertThat(users.getJsonObject("error").getInteger("code")).isEqualTo(108);
    }
  }
}
