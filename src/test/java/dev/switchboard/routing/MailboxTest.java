package dev.switchboard.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MailboxTest {
  private static final int THREADS = 4;
  private static final int EACH = 5_000;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final Mailbox mailbox = new Mailbox(loop, () -> done.add("end of turn"));

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void aBurstIsOneTurn() {
    // When
    loop.runOnContext(
        _ -> IntStream.range(0, 3).forEach(n -> mailbox.post(() -> done.add("" + n))));

    // Then
    await().atMost(PATIENCE).until(() -> done.size() == 4);
    assertThat(done).containsExactly("0", "1", "2", "end of turn");
  }

  @Test
  void workThatLeavesWorkIsOfTheSameTurn() {
    // When
    mailbox.post(() -> mailbox.post(() -> done.add("inner")));

    // Then
    await().atMost(PATIENCE).until(() -> done.contains("end of turn"));
    assertThat(done).startsWith("inner", "end of turn");
  }

  @Test
  void whatEachThreadLeavesIsDoneOnceInItsOrderOnTheLoop() throws InterruptedException {
    // Given
    int[] next = new int[THREADS];
    var left = new CountDownLatch(THREADS * EACH);

    // When
    for (int thread = 0; thread < THREADS; thread++) {
      int number = thread;
      Thread.ofPlatform()
          .start(
              () ->
                  IntStream.range(0, EACH)
                      .forEach(
                          count ->
                              mailbox.post(
                                  () -> {
                                    // Confined to the loop, so no count is lost.
                                    next[number] += next[number] == count ? 1 : 0;
                                    left.countDown();
                                  })));
    }

    // Then
    assertThat(left.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(next).containsOnly(EACH);
  }

  @Test
  void workThatThrowsKeepsNothingElseWaiting() {
    // Given
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    loop.exceptionHandler(failures::add);
    var mistake = new IllegalStateException("a mistake of ours");

    // When
    loop.runOnContext(
        _ -> {
          mailbox.post(
              () -> {
                throw mistake;
              });
          mailbox.post(() -> done.add("next"));
        });

    // Then
    await().atMost(PATIENCE).until(() -> done.contains("next"));
    await().atMost(PATIENCE).until(() -> failures.equals(List.of(mistake)));
  }
}
