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
  private static final long INTERVAL_MILLIS = 40;

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean running = new AtomicBoolean();
  private final NodeProcess node;
  private final List<String> channels;

  // Only the publisher's own thread touches these two.
  private long number;
  private int connection;

  /// @param channels published to in turn
  Publisher(NodeProcess node, List<String> channels) {
    this.node = node;
    this.channels = channels;
    thread.scheduleWithFixedDelay(this::tick, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    if (running.get()) {
      publish(channels.get((int) (number % channels.size())));
    }
  }

  private void publish(String channel) {
    var publisher = new FleetEvent.Publisher(node.number(), connection);
    var stamp = new FleetEvent.Stamp(publisher, ++number, System.currentTimeMillis());
    var outcome = node.api().publish(channel, stamp);
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
