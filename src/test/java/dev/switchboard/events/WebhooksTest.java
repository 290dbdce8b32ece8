package dev.switchboard.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.AllowLog;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a consumer of a webhook gets, over real HTTP.
class WebhooksTest {
  private static final String KEY = "c2VjcmV0IG9mIHRoZSB3ZWJob29r";

  private final Vertx vertx = Vertx.vertx();
  private final List<Got> got = new CopyOnWriteArrayList<>();
  private final AtomicInteger status = new AtomicInteger(200);
  private int port;
  private HttpServer server = listen();

  /// A request.
  private record Got(Map<String, String> headers, String body, int answered) {}

  private HttpServer listen() {
    HttpServer listening =
        vertx.createHttpServer().requestHandler(this::onRequest).listen(port).await();
    port = listening.actualPort();
    return listening;
  }

  private void onRequest(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            (Buffer body) -> {
              Map<String, String> headers = new HashMap<>();
              request.headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
              int answer = status.get();
              got.add(new Got(headers, body.toString(), answer));
              request.response().setStatusCode(answer).end();
            });
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private TestNode node(String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "events.enabled=true",
                "channel.without_namespace.lifecycle_events=true",
                "events.webhook_batch_max=3",
                "events.webhooks.0.name=billing",
                "events.webhooks.0.url=http://127.0.0.1:" + port + "/hook?of=billing",
                "events.webhooks.0.secret=whsec_" + KEY));
    settings.addAll(List.of(more));
    return TestNode.start(settings.toArray(String[]::new));
  }

  /// What was taken, each event once, in the order in which it came, as `stream@offset`.
  private List<JsonObject> taken() {
    return got.stream()
        .filter(each -> each.answered() == 200)
        .map(each -> new JsonObject(each.body()))
        .flatMap(
            body ->
                body.getJsonArray("events").stream()
                    .map(event -> ((JsonObject) event).put("stream", body.getInteger("stream"))))
        .toList();
  }

  private void assertTakenInOrder() {
    Map<Integer, Long> last = new HashMap<>();
    for (JsonObject event : taken()) {
      long offset = event.getLong("offset");
      Long before = last.put(event.getInteger("stream"), offset);
      assertThat(offset).isEqualTo(before == null ? 1 : before + 1);
    }
  }

  private static List<JsonObject> read(TestNode node) {
    return new EventReader(() -> node).events();
  }

  @Test
  void everyEventComesOnceSignedAndInOrder() throws Exception {
    try (var node = node()) {
      // When
      for (int number = 0; number < 20; number++) {
        try (var client = TestClient.connect(node, "user-" + number % 4)) {
          client.subscribe("room-" + number % 4);
        }
      }

      // Then
      await()
          .untilAsserted(
              () -> {
                assertThat(read(node)).hasSizeGreaterThanOrEqualTo(80);
                assertThat(taken()).hasSameSizeAs(read(node));
              });
      assertTakenInOrder();
      for (Got each : got) {
        assertThat(each.headers()).containsEntry("content-type", "application/json");
        assertThat(each.headers().get("webhook-signature")).isEqualTo(signature(each));
        assertThat(new JsonObject(each.body()).getJsonArray("events").size()).isBetween(1, 3);
      }
      assertThat(got.stream().map(each -> each.headers().get("webhook-id")))
          .doesNotHaveDuplicates();
    }
  }

  private static String signature(Got request) throws Exception {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
    String signed =
        request.headers().get("webhook-id")
            + "."
            + request.headers().get("webhook-timestamp")
            + "."
            + request.body();
    return "v1,"
        + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aConsumerThatWasAwayMissesNothing() {
    try (var node = node();
        var before = TestClient.connect(node, "ann")) {
      // Given
      await().until(() -> !taken().isEmpty());
      server.close().await();

      // When
      before.subscribe("room");
      try (var _ = TestClient.connect(node, "bob")) {
        status.set(503);
        server = listen();
        await().until(() -> got.stream().anyMatch(each -> each.answered() == 503));
        status.set(200);
      }

      // Then
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                assertThat(read(node)).hasSize(5);
                assertThat(taken()).hasSize(5);
              });
      assertTakenInOrder();
      assertThat(node.metric("switchboard_events_dead_letters_total")).isZero();
    }
  }

  @Test
  @AllowLog(logger = "dev.switchboard.events.WebhookReader", containing = "would not take")
  void whatIsRefusedForTooLongIsADeadLetterAndTheRestComes() {
    status.set(400);
    try (var node = node("events.webhook_give_up_after=1s")) {
      // Given
      try (var _ = TestClient.connect(node, "ann")) {
        await()
            .untilAsserted(
                () ->
                    assertThat(node.metric("switchboard_events_dead_letters_total")).isPositive());
      }

      // When
      status.set(200);

      // Then
      try (var _ = TestClient.connect(node, "ann")) {
        await().untilAsserted(() -> assertThat(taken()).isNotEmpty());
      }
    }
  }
}
