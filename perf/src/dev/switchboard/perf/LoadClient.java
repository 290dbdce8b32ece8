package dev.switchboard.perf;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Subscribers of one server and one publisher: all subscribers get all that is published.
final class LoadClient implements AutoCloseable {
  private final InetSocketAddress server;
  private final Dialect dialect;
  private final boolean deflates;
  private final Reactor reactor = new Reactor();
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
    this(server, dialect, false);
  }

  /// A client of a server that was started.
  LoadClient(Launch launch) {
    this(launch.clients(), launch.dialect(), launch.kind() == ServerKind.SWITCHBOARD_DEFLATE);
  }

  private LoadClient(InetSocketAddress server, Dialect dialect, boolean deflates) {
    this.server = server;
    this.dialect = dialect;
    this.deflates = deflates;
  }

  Dialect dialect() {
    return dialect;
  }

  /// Opens subscribers until there are `count`, at most `window` of them on their way at a time.
  void openSubscribers(int count, int window, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (opened < count) {
      while (subscribers.size() < count && subscribers.size() - opened < window) {
        subscribers.add(reactor.connect(new Subscriber(subscribers.size())));
      }
      reactor.rest();
      if (System.nanoTime() > deadline) {
        throw PerfException.failed(
            "only " + opened + " of " + count + " sockets were open after " + limit);
      }
    }
  }

  /// Opens the one socket that publishes.
  void openPublisher(Duration limit) {
    publisher = reactor.connect(new Publisher());
    reactor.await(
        () -> publisher.phase() == ClientSocket.Phase.OPEN,
        limit,
        () -> "the publisher is not open");
  }

  /// Publishes a burst and returns when every subscriber has all of it and the publisher its
  /// replies.
  void publishRound(int count, String payload, Duration limit) {
    target += count;
    reached = 0;
    publisherTarget += dialect.publishReplies(count);
    Dialect.Letter letter = new Dialect.Letter(Gateway.FANOUT_CHANNEL, payload);
    publisher.sendFrame(dialect.publish(publishId, Collections.nCopies(count, letter)));
    publishId += count;
    reactor.await(this::roundIsOver, limit, this::progress);
  }

  private String progress() {
    return "a round did not end, %d of %d subscribers have %d messages"
        .formatted(reached, subscribers.size(), target);
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
    reactor.idle(time);
  }

  /// Bytes that all subscribers have received, frame headers included.
  long subscriberBytes() {
    return subscribers.stream().mapToLong(ClientSocket::bytes).sum();
  }

  @Override
  public void close() {
    reactor.close();
  }

  /// What both kinds of socket share.
  private abstract class Member implements Station {
    @Override
    public InetSocketAddress server() {
      return server;
    }

    @Override
    public boolean deflates() {
      return deflates;
    }

    @Override
    public boolean refuses(String line) {
      return dialect.refuses(line);
    }
  }

  /// A socket that only counts once it is open, because reading what 2,000 sockets get would
  /// measure the reader.
  private final class Subscriber extends Member {
    private final int index;

    Subscriber(int index) {
      this.index = index;
    }

    @Override
    public String path() {
      return dialect.subscriberPath(index);
    }

    @Override
    public String greeting() {
      return dialect.subscriberGreeting(index);
    }

    @Override
    public boolean opens(String line) {
      return dialect.opensSubscriber(line);
    }

    @Override
    public boolean readsLines() {
      return wantsSample;
    }

    @Override
    public void onOpen() {
      opened++;
    }

    @Override
    public void onLine(String line) {
      if (line.length() > 2) {
        sample = line;
      }
    }

    @Override
    public void onMessages(long before, long after) {
      if (after > target) {
        throw PerfException.failed(
            "a subscriber got " + after + " messages when " + target + " were published");
      }
      if (before < target && after == target) {
        reached++;
      }
    }
  }

  /// The socket that publishes and reads every answer.
  private final class Publisher extends Member {
    @Override
    public String path() {
      return dialect.publisherPath();
    }

    @Override
    public String greeting() {
      return dialect.publisherGreeting();
    }

    @Override
    public boolean opens(String line) {
      return dialect.opensPublisher(line);
    }

    @Override
    public boolean readsLines() {
      return true;
    }

    @Override
    public void onOpen() {}
  }
}
