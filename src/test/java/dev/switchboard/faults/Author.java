package dev.switchboard.faults;

import dev.switchboard.faults.referee.Fact;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// A back-end service that publishes to streams with idempotency keys, one key after the other.
///
/// It has a thread of its own; the harness starts and pauses it. What is not acknowledged is
/// repeated on the next node, for a while; every tenth publication is repeated although it was.
final class Author implements AutoCloseable {
  private static final Duration INSISTS = Duration.ofSeconds(10);
  private static final int REPEAT_ONE_OF = 10;
  private static final long BACKOFF_MILLIS = 100;
  private static final long BACKOFF_MILLIS_MAX = 500;
  private static final Duration LATE_MAX = Duration.ofMillis(500);
  private static final List<Integer> TEMPORARY = List.of(100, 111);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
  private final AtomicBoolean running = new AtomicBoolean();
  private final String name;
  private final List<NodeApi> nodes;
  private final List<String> channels;
  private final Queue<Fact> facts;
  private final long interval;

  // Only the author's own thread touches these.
  private final Random random;
  private long number;
  private long due;

  /// @param name no other author of this cluster has it
  /// @param nodes the first is its own, the others are for repeats
  /// @param channels published to in turn
  /// @param facts is told of all it does, from its thread
  Author(
      String name,
      List<NodeApi> nodes,
      List<String> channels,
      Duration interval,
      Queue<Fact> facts) {
    this.name = name;
    this.nodes = nodes;
    this.channels = channels;
    this.facts = facts;
    this.random = new Random(name.hashCode());
    this.interval = interval.toNanos();
    this.due = System.nanoTime();
    thread.execute(this::tick);
  }

  /// A service that is a little late catches up; what a fault kept from it is not sent afterwards.
  private void tick() {
    if (running.get()) {
      publish(channels.get((int) (++number % channels.size())));
    }
    due = Math.max(due + interval, System.nanoTime() - LATE_MAX.toNanos());
    if (!thread.isShutdown()) {
      long left = Math.max(0, due - System.nanoTime());
      thread.schedule(this::tick, left, TimeUnit.NANOSECONDS);
    }
  }

  private void publish(String channel) {
    String key = name + "-" + number;
    String data = "{\"key\":\"%s\",\"at\":%d}".formatted(key, System.currentTimeMillis());
    boolean repeated = random.nextInt(REPEAT_ONE_OF) == 0;
    long end = System.nanoTime() + INSISTS.toNanos();
    int attempt = 0;
    Fact answer;
    do {
      Patience.pass(Duration.ofMillis(Math.min(BACKOFF_MILLIS * attempt, BACKOFF_MILLIS_MAX)));
      answer = attempt(++attempt, key, channel, data);
    } while (System.nanoTime() - end < 0 && isOpen(answer));
    if (repeated) {
      attempt(++attempt, key, channel, data);
    }
  }

  private Fact attempt(int attempt, String key, String channel, String data) {
    long now = System.currentTimeMillis();
    var asked = new Fact.Attempt(now, name, key, attempt, channel, Fact.hash(data));
    facts.add(asked);
    Fact answer = nodes.get((attempt - 1) % nodes.size()).append(asked, data);
    facts.add(answer);
    return answer;
  }

  /// Whether another attempt may bring what this one did not.
  static boolean isOpen(Fact answer) {
    return answer instanceof Fact.Unanswered
        || answer instanceof Fact.Refused refused && TEMPORARY.contains(refused.code());
  }

  void resume() {
    running.set(true);
  }

  /// Publishes nothing new from now on.
  void pause() {
    running.set(false);
  }

  /// Returns once nothing is under way.
  void await() {
    try {
      thread.submit(() -> {}).get();
    } catch (ExecutionException | InterruptedException broken) {
      throw new IllegalStateException(broken);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
