package dev.switchboard.faults;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// A back-end service that publishes on one node, one request after the other.
///
/// It has a thread of its own; the harness starts, pauses and reads it. A request that got no
/// answer is not repeated, and what follows it has no order with what came before.
final class Publisher implements AutoCloseable {
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean running = new AtomicBoolean();
  private final NodeProcess node;
  private final List<String> channels;
  private final Pace pace;

  // Only the publisher's own thread touches these two.
  private long number;
  private int connection;

  /// How much of what it publishes.
  ///
  /// @param number added to the node's, so that two on one node are told apart
  /// @param millis from an answer to the next request
  /// @param padding that every publication carries
  record Pace(int number, long millis, String padding) {
    /// A service like any other.
    static final Pace USUAL = new Pace(0, 40, "");

    /// As much as one thread can, 4 kB each.
    static final Pace FLOOD = new Pace(100, 1, "x".repeat(4_000));
  }

  /// @param channels published to in turn
  Publisher(NodeProcess node, List<String> channels, Pace pace) {
    this.node = node;
    this.channels = channels;
    this.pace = pace;
    thread.scheduleWithFixedDelay(this::tick, 0, pace.millis(), TimeUnit.MILLISECONDS);
  }

  private void tick() {
    if (running.get()) {
      publish(channels.get((int) (number % channels.size())));
    }
  }

  private void publish(String channel) {
    var publisher = new FleetEvent.Publisher(node.number() + pace.number(), connection);
    var stamp = new FleetEvent.Stamp(publisher, ++number, System.currentTimeMillis());
    var outcome = node.api().publish(channel, stamp, pace.padding());
    sent.add(new Sent(stamp, channel, outcome));
    connection += outcome == Sent.Outcome.UNKNOWN ? 1 : 0;
  }

  void resume() {
    running.set(true);
  }

  /// Returns once nothing is under way.
  void pause() {
    running.set(false);
    carryOut(() -> {});
  }

  /// Publishes once to every channel; returns when all are answered.
  void publishToAll() {
    carryOut(() -> channels.stream().distinct().forEach(this::publish));
  }

  private void carryOut(Runnable task) {
    try {
      thread.submit(task).get();
    } catch (ExecutionException | InterruptedException broken) {
      throw new IllegalStateException(broken);
    }
  }

  /// All attempts since the last [#forget].
  List<Sent> sent() {
    return List.copyOf(sent);
  }

  void forget() {
    sent.clear();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
