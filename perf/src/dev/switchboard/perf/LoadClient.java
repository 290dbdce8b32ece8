package dev.switchboard.perf;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Subscribers of one server, spread over channels, and one publisher to all of these.
final class LoadClient implements AutoCloseable {
  /// A longer burst takes several frames: servers refuse frames above 64 KiB.
  private static final int FRAME_BYTES = 65_000;

  /// What a publish command adds to the payload at most.
  private static final int COMMAND_BYTES = 64;

  private final InetSocketAddress server;
  private final Dialect dialect;
  private final boolean deflates;
  private final Optional<Station.Tls> tls;
  private final Reactor reactor = new Reactor();
  private final List<ClientSocket> subscribers = new ArrayList<>();
  private ClientSocket publisher;
  private int opened;
  private final Channels channels;
  private final long[] targets;
  private int publishId = 2;
  private int nextChannel;
  private int expected;
  private int reached;
  private long publisherTarget;
  private final List<String> samples = new ArrayList<>();
  private boolean wantsSamples;

  /// Subscribers that nobody publishes to.
  ///
  /// @param server where the client port listens
  LoadClient(InetSocketAddress server, Dialect dialect) {
    this(server, dialect, false, Optional.empty(), Channels.ONE);
  }

  /// A client of a server that was started.
  LoadClient(Launch launch, Channels channels) {
    this(
        launch.clients(),
        launch.dialect(),
        launch.kind() == ServerKind.SWITCHBOARD_DEFLATE,
        Optional.empty(),
        channels);
  }

  /// A client within TLS, that nobody publishes to.
  static LoadClient secured(Launch launch) {
    var tls = new Station.Tls(TlsWire.context(), Optional.empty());
    return new LoadClient(
        launch.clients(), launch.dialect(), false, Optional.of(tls), Channels.ONE);
  }

  private LoadClient(
      InetSocketAddress server,
      Dialect dialect,
      boolean deflates,
      Optional<Station.Tls> tls,
      Channels channels) {
    this.server = server;
    this.dialect = dialect;
    this.deflates = deflates;
    this.tls = tls;
    this.channels = channels;
    targets = new long[channels.count()];
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

  /// Publishes a burst to the next channels and returns when each of their subscribers has all of
  /// it and the publisher its replies.
  ///
  /// @param each publications to each channel; one to every channel, then the second, and so on
  /// @param batch how many channels
  /// @param payloads what a channel gets, one after the other, over and over
  void publishRound(int each, int batch, List<String> payloads, Duration limit) {
    List<Dialect.Letter> letters = new ArrayList<>(each * batch);
    for (int i = 0; i < each * batch; i++) {
      int channel = (nextChannel + i % batch) % channels.count();
      String payload = payloads.get((int) (targets[channel]++ % payloads.size()));
      letters.add(new Dialect.Letter(channels.names().get(channel), payload));
    }
    nextChannel = (nextChannel + batch) % channels.count();
    expected = subscribers.size() / channels.count() * batch;
    reached = 0;
    publisherTarget += dialect.publishReplies(letters.size());
    send(letters, FRAME_BYTES / (COMMAND_BYTES + payloads.getFirst().length()));
    reactor.await(this::roundIsOver, limit, this::progress);
  }

  private void send(List<Dialect.Letter> letters, int perFrame) {
    for (int from = 0; from < letters.size(); from += perFrame) {
      int to = Math.min(letters.size(), from + perFrame);
      publisher.sendFrame(dialect.publish(publishId, letters.subList(from, to)));
      publishId += to - from;
    }
  }

  private String progress() {
    return "a round did not end, %d of %d subscribers have all of it".formatted(reached, expected);
  }

  private boolean roundIsOver() {
    return reached == expected && publisher.messages() >= publisherTarget;
  }

  /// A round of one publication to every channel, and what each subscriber gets, byte for byte.
  List<String> sampleRound(List<String> payloads, Duration limit) {
    samples.clear();
    wantsSamples = true;
    publishRound(1, channels.count(), payloads, limit);
    wantsSamples = false;
    return List.copyOf(samples);
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
    public Optional<Tls> tls() {
      return tls;
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
    public byte[] greeting() {
      return dialect.subscriberGreeting(index);
    }

    @Override
    public boolean opens(String line) {
      return dialect.opensSubscriber(line);
    }

    @Override
    public boolean readsLines() {
      return wantsSamples;
    }

    @Override
    public void onOpen() {
      opened++;
    }

    @Override
    public void onLine(String line) {
      if (line.length() > 2) {
        samples.add(line);
      }
    }

    @Override
    public void onMessages(long before, long after) {
      long target = targets[channels.numberOf(index)];
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
    public byte[] greeting() {
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
