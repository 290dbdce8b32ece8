package dev.switchboard.faults;

import dev.switchboard.faults.referee.Fact;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Back-end services that publish many keys at once on any node, each until it is acknowledged.
///
/// Of thirty keys one is published twice at the same time, one again right after its answer and one
/// again some time later: a tenth, on purpose. Whatever is not acknowledged is repeated with its
/// key on any node, for less time than keys are remembered. Safe on any thread; everything happens
/// on virtual threads of its own.
final class Scribes implements AutoCloseable {
  private static final int CYCLE = 30;
  private static final int AT_ONCE = 0;
  private static final int AFTERWARDS = 10;
  private static final int LATER = 20;
  private static final int BACKOFF_MILLIS = 100;
  private static final int BACKOFF_MILLIS_MAX = 1_000;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicLong next = new AtomicLong();
  private final AtomicLong acked = new AtomicLong();
  private final AtomicLong givenUp = new AtomicLong();
  private final AtomicLong repeats = new AtomicLong();
  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<NodeApi> nodes;
  private final List<String> channels;
  private final Consumer<Fact> record;
  private final Order order;

  /// How much is published.
  ///
  /// @param publications different keys
  /// @param inFlight how many at once, without the repeats on purpose
  /// @param rate keys per second at most
  /// @param insist how long a key is repeated until it is acknowledged
  /// @param later how much later a repeat on purpose may come
  record Order(long publications, int inFlight, int rate, Duration insist, Duration later) {
    /// Keys are remembered for five minutes.
    static Order usual(long publications, int inFlight, int rate) {
      return new Order(
          publications, inFlight, rate, Duration.ofSeconds(60), Duration.ofSeconds(30));
    }
  }

  /// One publication, whoever attempts it.
  private record Key(String name, String channel, String data, AtomicInteger attempts) {}

  /// @param record is told of all they do, from many threads
  Scribes(List<NodeApi> nodes, List<String> channels, Order order, Consumer<Fact> record) {
    this.nodes = nodes;
    this.channels = channels;
    this.order = order;
    this.record = record;
  }

  void start() {
    long begun = System.nanoTime();
    for (int each = 0; each < order.inFlight(); each++) {
      submit(() -> work(begun));
    }
  }

  private Future<?> submit(Runnable task) {
    busy.incrementAndGet();
    return threads.submit(
        () -> {
          try {
            task.run();
          } finally {
            busy.decrementAndGet();
          }
        });
  }

  private void work(long begun) {
    for (long number = take(); number < order.publications(); number = take()) {
      long due = begun + number * 1_000_000_000L / order.rate();
      long early = due - System.nanoTime();
      if (early > 0) {
        Patience.pass(Duration.ofNanos(early));
      }
      publish(number);
    }
  }

  private long take() {
    return over.get() ? Long.MAX_VALUE : next.getAndIncrement();
  }

  private void publish(long number) {
    String name = "key-" + number;
    String channel = channels.get((int) (number % channels.size()));
    var key = new Key(name, channel, "{\"key\":\"" + name + "\"}", new AtomicInteger());
    boolean known;
    int turn = (int) (number % CYCLE);
    if (turn == AT_ONCE) {
      known = twice(key);
    } else {
      known = insist(key);
    }
    (known ? acked : givenUp).incrementAndGet();
    if (turn == AFTERWARDS) {
      repeat(key);
    } else if (turn == LATER) {
      submit(
          () -> {
            pass(ThreadLocalRandom.current().nextInt((int) order.later().toMillis()));
            repeat(key);
          });
    }
  }

  private boolean twice(Key key) {
    var known = new AtomicBoolean();
    Future<?> twin = submit(() -> known.set(repeat(key)));
    boolean mine = insist(key);
    try {
      twin.get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException broken) {
      throw new IllegalStateException(broken);
    }
    return mine || known.get();
  }

  private boolean repeat(Key key) {
    repeats.incrementAndGet();
    return insist(key);
  }

  /// Attempts until there is an answer that says it is kept.
  ///
  /// @return false when there was none: the last answer is an error, or silence
  private boolean insist(Key key) {
    long end = System.nanoTime() + order.insist().toNanos();
    for (int backoff = BACKOFF_MILLIS; ; backoff = Math.min(2 * backoff, BACKOFF_MILLIS_MAX)) {
      Fact answer = attempt(key);
      if (answer instanceof Fact.Stored) {
        return true;
      }
      if (!Author.isOpen(answer) || System.nanoTime() > end || over.get()) {
        return false;
      }
      pass(backoff);
    }
  }

  private Fact attempt(Key key) {
    int attempt = key.attempts().incrementAndGet();
    long now = System.currentTimeMillis();
    String payload = Fact.hash(key.data());
    var asked = new Fact.Attempt(now, "scribe", key.name(), attempt, key.channel(), payload);
    record.accept(asked);
    int node = ThreadLocalRandom.current().nextInt(nodes.size());
    Fact answer = nodes.get(node).append(asked, key.data());
    record.accept(answer);
    return answer;
  }

  private static void pass(int millis) {
    Patience.pass(Duration.ofMillis(millis));
  }

  /// Keys that are acknowledged.
  long acked() {
    return acked.get();
  }

  /// Keys that nobody acknowledged in time.
  long givenUp() {
    return givenUp.get();
  }

  /// Repeats on purpose that were begun.
  long repeats() {
    return repeats.get();
  }

  /// Whether every key is acknowledged or given up, and every repeat answered.
  boolean finished() {
    return busy.get() == 0;
  }

  /// Begins no further key and insists on none.
  @Override
  public void close() {
    over.set(true);
    threads.close();
  }
}
