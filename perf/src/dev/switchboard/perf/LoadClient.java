package dev.switchboard.perf;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Thousands of WebSockets on one thread and one selector.
///
/// Everything happens on the thread that calls; while nobody calls, nothing is read and no ping is
/// answered. One read buffer serves all sockets.
final class LoadClient implements AutoCloseable {
  /// Loopback has the whole of 127/8: a new source address before the ports of one run out.
  private static final int PORTS_PER_ADDRESS = 20_000;

  private static final int READ_BYTES = 1 << 20;

  private final InetSocketAddress server;
  private final Dialect dialect;
  private final Selector selector;
  private final ByteBuffer readBuffer =
      ByteBuffer.allocateDirect(READ_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final LineScan scan = new LineScan();
  private final List<ClientSocket> subscribers = new ArrayList<>();
  private ClientSocket publisher;
  private int opened;
  private int publishId = 2;
  private long target;
  private int reached;
  private long publisherTarget;
  private String sample;
  private boolean wantsSample;

  /// @param server where the client port listens
  LoadClient(InetSocketAddress server, Dialect dialect) {
    this.server = server;
    this.dialect = dialect;
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw PerfException.failed("cannot open a selector", e);
    }
  }

  InetSocketAddress server() {
    return server;
  }

  Dialect dialect() {
    return dialect;
  }

  ByteBuffer readBuffer() {
    return readBuffer;
  }

  LineScan scan() {
    return scan;
  }

  /// Opens subscribers until there are `count`, at most `window` of them on their way at a time.
  void openSubscribers(int count, int window, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (opened < count) {
      while (subscribers.size() < count && subscribers.size() - opened < window) {
        subscribers.add(connect(subscribers.size()));
      }
      turn();
      if (System.nanoTime() > deadline) {
        throw PerfException.failed(
            "only " + opened + " of " + count + " sockets were open after " + limit);
      }
    }
  }

  /// Opens the one socket that publishes.
  void openPublisher(Duration limit) {
    publisher = connect(-1);
    await(() -> publisher.phase() == ClientSocket.Phase.OPEN, limit, "the publisher is not open");
  }

  private ClientSocket connect(int index) {
    int address = 1 + Math.max(0, index) / PORTS_PER_ADDRESS;
    InetSocketAddress source = address == 1 ? null : new InetSocketAddress("127.0.0." + address, 0);
    try {
      return new ClientSocket(this, selector, source, index);
    } catch (IOException e) {
      throw PerfException.failed("cannot open socket " + (index + 1), e);
    }
  }

  /// Publishes a burst and returns when every subscriber has all of it and the publisher its
  /// replies.
  void publishRound(int count, String payload, Duration limit) {
    target += count;
    reached = 0;
    publisherTarget += dialect.publishReplies(count);
    publisher.sendFrame(dialect.publish(publishId, count, payload));
    publishId += count;
    await(this::roundIsOver, limit, "a round did not end");
  }

  private boolean roundIsOver() {
    return reached == subscribers.size() && publisher.messages() >= publisherTarget;
  }

  /// One round of one publication whose message is kept: what a subscriber gets, byte for byte.
  String sampleRound(String payload, Duration limit) {
    wantsSample = true;
    publishRound(1, payload, limit);
    wantsSample = false;
    if (sample == null || !sample.contains(payload)) {
      throw PerfException.failed("a subscriber got something else than was published: " + sample);
    }
    return sample;
  }

  /// Answers pings and counts, for so long.
  void idle(Duration time) {
    long deadline = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < deadline) {
      turn();
    }
  }

  private void await(BooleanSupplier condition, Duration limit, String otherwise) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      turn();
      if (System.nanoTime() > deadline) {
        throw PerfException.failed(
            otherwise
                + " within "
                + limit.toSeconds()
                + " s: "
                + reached
                + " of "
                + subscribers.size()
                + " subscribers have "
                + target
                + " messages");
      }
    }
  }

  private void turn() {
    try {
      selector.select(LoadClient::onReady, 50);
    } catch (IOException e) {
      throw PerfException.failed("select failed", e);
    }
  }

  private static void onReady(SelectionKey key) {
    ((ClientSocket) key.attachment()).onReady();
  }

  void onOpen(boolean isPublisher) {
    if (!isPublisher) {
      opened++;
    }
  }

  void onMessages(boolean isPublisher, long before, long after) {
    if (isPublisher) {
      return;
    }
    if (after > target) {
      throw PerfException.failed(
          "a subscriber got " + after + " messages when " + target + " were published");
    }
    if (before < target && after == target) {
      reached++;
    }
  }

  boolean wantsSample() {
    return wantsSample;
  }

  void onSample(String line) {
    if (line.length() > 2) {
      sample = line;
    }
  }

  /// No scenario survives a lost socket: its numbers would be about another load.
  void onLost(ClientSocket.Phase phase, String reason) {
    throw PerfException.failed("a socket was lost while " + phase + ": " + reason);
  }

  /// Bytes that all subscribers have received, frame headers included.
  long subscriberBytes() {
    return subscribers.stream().mapToLong(ClientSocket::bytes).sum();
  }

  @Override
  public void close() {
    subscribers.forEach(ClientSocket::close);
    if (publisher != null) {
      publisher.close();
    }
    try {
      selector.close();
    } catch (IOException e) {
      throw PerfException.failed("cannot close the selector", e);
    }
  }
}
