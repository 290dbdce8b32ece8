package dev.switchboard.perf;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Subscribers of one node that remember each message they got: when it was due, how late it came.
final class Audience implements AutoCloseable {
  private final InetSocketAddress server;
  private final Dialect dialect;
  private final Reactor reactor = new Reactor();
  private final List<Listener> listeners = new ArrayList<>();
  private int opened;

  /// @param server where the client port listens
  Audience(InetSocketAddress server, Dialect dialect) {
    this.server = server;
    this.dialect = dialect;
  }

  /// Opens so many, at most `window` of them on their way at a time.
  void open(int count, int window, Duration limit) {
    for (int i = 0; i < count; i++) {
      Listener listener = new Listener(i);
      listeners.add(listener);
      reactor.connect(listener);
      reactor.await(() -> listeners.size() - opened < window, limit, this::progress);
    }
    reactor.await(() -> opened == count, limit, this::progress);
  }

  private String progress() {
    return "only %d of %d sockets were open".formatted(opened, listeners.size());
  }

  /// Reads what is there and answers pings; sleeps for a moment when nothing is.
  void rest() {
    reactor.rest();
  }

  /// What each subscriber heard, in order.
  List<Timeline> heard() {
    return listeners.stream().map(listener -> listener.heard).toList();
  }

  @Override
  public void close() {
    reactor.close();
  }

  private final class Listener implements Station {
    private final int index;
    private final Timeline heard = new Timeline();

    Listener(int index) {
      this.index = index;
    }

    @Override
    public InetSocketAddress server() {
      return server;
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
    public boolean refuses(String line) {
      return dialect.refuses(line);
    }

    @Override
    public void onOpen() {
      opened++;
    }

    @Override
    public void onMessage(ByteBuffer in, int at, int length) {
      long due = Stamp.find(in, at, length);
      heard.add(due, System.nanoTime() - due);
    }
  }
}
