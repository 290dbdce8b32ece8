package dev.switchboard.perf;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;

/// Many sockets that come as fast as the server takes them, and go. One thread.
final class StormClient implements AutoCloseable {
  private final Launch server;
  private final Reactor reactor = new Reactor();
  private final SSLContext context = TlsWire.context();
  private final List<ClientSocket> here = new ArrayList<>();
  private int arrived;

  StormClient(Launch server) {
    this.server = server;
  }

  /// What a socket does before it has arrived.
  enum Kind {
    /// It is a WebSocket, authenticated and subscribed.
    PLAIN,
    /// The same within TLS.
    TLS,
    /// The same within TLS, going on with a session of TLS that was there before.
    TLS_RESUMED,
    /// It is connected by TLS, and says nothing.
    TLS_BARE;

    private boolean isSecured() {
      return this != PLAIN;
    }
  }

  /// Has so many arrive, at most `window` of them on their way at a time.
  void arrive(Kind kind, int count, int window, Duration limit) {
    arrive(kind, 0, count, window, limit);
  }

  /// As that; the first of them is client number `first`.
  void arrive(Kind kind, int first, int count, int window, Duration limit) {
    arrived = 0;
    for (int i = 0; i < count; i++) {
      here.add(reactor.connect(new Arrival(kind, first + i)));
      int begun = i + 1;
      reactor.await(() -> begun - arrived < window, limit, () -> progress(begun));
    }
    reactor.await(() -> arrived == count, limit, () -> progress(count));
  }

  private String progress(int begun) {
    return "only %d of %d sockets had arrived".formatted(arrived, begun);
  }

  /// All of them are gone at once.
  void leave() {
    reactor.reset();
    here.clear();
  }

  /// The last `count` of them are gone at once.
  void leave(int count) {
    List<ClientSocket> leaving = here.subList(here.size() - count, here.size());
    leaving.forEach(reactor::reset);
    leaving.clear();
    reactor.spin();
  }

  /// Answers pings, for so long.
  void idle(Duration time) {
    reactor.idle(time);
  }

  /// Answers pings until `condition` holds.
  void idleUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      reactor.rest();
    }
  }

  @Override
  public void close() {
    reactor.close();
  }

  private final class Arrival implements Station {
    private final Kind kind;
    private final int index;

    Arrival(Kind kind, int index) {
      this.kind = kind;
      this.index = index;
    }

    @Override
    public InetSocketAddress server() {
      return server.clients();
    }

    @Override
    public Optional<Tls> tls() {
      return kind.isSecured() ? Optional.of(new Tls(context, sessionsOf())) : Optional.empty();
    }

    private Optional<String> sessionsOf() {
      return kind == Kind.TLS_RESUMED ? Optional.of("client-" + index) : Optional.empty();
    }

    @Override
    public boolean upgrades() {
      return kind != Kind.TLS_BARE;
    }

    @Override
    public void onConnected() {
      arrived += upgrades() ? 0 : 1;
    }

    @Override
    public String path() {
      return server.dialect().subscriberPath(index);
    }

    @Override
    public byte[] greeting() {
      return server.dialect().subscriberGreeting(index);
    }

    @Override
    public boolean opens(String line) {
      return server.dialect().opensSubscriber(line);
    }

    @Override
    public boolean refuses(String line) {
      return server.dialect().refuses(line);
    }

    @Override
    public void onOpen() {
      arrived++;
    }
  }
}
