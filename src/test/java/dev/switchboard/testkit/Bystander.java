package dev.switchboard.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// A well-behaved client that must notice nothing of an attack.
///
/// Every few milliseconds a number is published to its channel, and it must arrive, in order and
/// soon. Runs on a thread of its own.
public final class Bystander implements AutoCloseable {
  private static final String CHANNEL = "bystander";
  private static final long PAUSE_MILLIS = 10;

  private final TestNode node;
  private final TestClient client;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong slowestNanos = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private Bystander(TestNode node) {
    this.node = node;
    this.client = TestClient.connect(node, CHANNEL);
    client.subscribe(CHANNEL);
    thread.scheduleWithFixedDelay(this::beat, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// Connects to a node and starts to listen.
  public static Bystander of(TestNode node) {
    return new Bystander(node);
  }

  private void beat() {
    try {
      long number = received.get();
      long startedAt = System.nanoTime();
      node.api("publish", "{\"channel\":\"%s\",\"data\":%d}".formatted(CHANNEL, number));
      JsonObject push = client.push();
      assertThat(push.getJsonObject("pub").getLong("data")).isEqualTo(number);
      slowestNanos.accumulateAndGet(System.nanoTime() - startedAt, Math::max);
      received.incrementAndGet();
    } catch (Throwable broken) {
      failure.set(broken);
      throw broken;
    }
  }

  /// Holds that every publication came, and none took longer than so many milliseconds.
  public void assertUnharmed(long slowestMillis) {
    thread.shutdown();
    try {
      assertThat(thread.awaitTermination(15, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
    if (failure.get() != null) {
      throw new AssertionError("the bystander was harmed", failure.get());
    }
    assertThat(client.isClosed()).as("the bystander was closed").isFalse();
    assertThat(received.get()).as("publications received").isPositive();
    assertThat(TimeUnit.NANOSECONDS.toMillis(slowestNanos.get()))
        .as("slowest publication, in milliseconds")
        .isLessThan(slowestMillis);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    client.close();
  }
}
