package dev.switchboard.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HealthTest {
  @Test
  void aServingNodeIsLiveAndReady() {
    try (var node = TestNode.start()) {
      // Then
      for (String path : new String[] {"/live", "/ready"}) {
        var answer = node.get(path);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(answer.body()))
            .isEqualTo(new JsonObject("{\"state\":\"serving\",\"stuck_loops\":0}"));
      }
      assertThat(node.get("/health").statusCode()).isEqualTo(200);
      assertThat(node.get("/health").body()).isEqualTo("{}");
      assertThat(node.get("/nothing").statusCode()).isEqualTo(404);
    }
  }

  /// A wall clock that holds the next event loop to ask it the time.
  private static final class HoldingClock implements InstantSource {
    private final AtomicBoolean armed = new AtomicBoolean();
    private final CountDownLatch holding = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @Override
    public Instant instant() {
      try {
        if (armed.getAndSet(false)) {
          holding.countDown();
          assertThat(released.await(10, TimeUnit.SECONDS)).isTrue();
        }
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
      return Instant.now();
    }

    void hold() throws InterruptedException {
      armed.set(true);
      assertThat(holding.await(10, TimeUnit.SECONDS)).isTrue();
    }

    void release() {
      released.countDown();
    }
  }

  @Test
  void aStuckEventLoopMakesTheNodeUnreadyUntilItGoesOn() throws InterruptedException {
    // Given
    var clock = new HoldingClock();
    try (var node =
            TestNode.start(clock, "heartbeat.interval=20ms", "heartbeat.loop_timeout=400ms");
        var client = TestClient.connect(node, "alice");
        var other = TestClient.connect(node, "bob")) {

      // When
      clock.hold();

      // Then
      await().until(() -> node.get("/ready").statusCode() == 503);
      assertThat(node.get("/ready").body()).contains("\"stuck_loops\":1");
      assertThat(node.get("/live").statusCode()).as("killing it would help nobody").isEqualTo(200);
      clock.release();
      await().until(() -> node.get("/ready").statusCode() == 200);
      assertThat(client.publish("a", 1).containsKey("publish")).isTrue();
      assertThat(other.publish("a", 1).containsKey("publish")).isTrue();
    }
  }

  @Test
  void aStoppingNodeSaysShutdownToEverybody() {
    try (var node = TestNode.start();
        var client = TestClient.connect(node, "alice");
        var other = TestClient.connect(node, "bob")) {
      // Given
      client.subscribe("last");
      node.publish("last", "1");

      // When
      node.node().stop().await();

      // Then
      assertThat(client.push().getJsonObject("pub").getInteger("data")).isEqualTo(1);
      assertThat(client.closed()).isEqualTo(new TestClient.Close(3001, "shutdown"));
      assertThat(other.closed().code()).isEqualTo(3001);
      assertThat(node.node().health().ready()).isFalse();
    }
  }
}
