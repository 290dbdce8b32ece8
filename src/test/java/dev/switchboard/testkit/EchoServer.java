package dev.switchboard.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.deflate.DeflateOffer;
import dev.switchboard.deflate.Deflation;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.wire.Framing;
import dev.switchboard.wire.RateLimit;
import dev.switchboard.wire.SocketLimits;
import dev.switchboard.wire.SocketLoop;
import dev.switchboard.wire.SocketUpgrade;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.transport.Transport;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// A server on one event loop whose sockets echo every message: `wire` without the protocol.
///
/// What a client sees of it is what RFC 6455 is about. It agrees to compression with those who
/// offer it. Safe on any thread.
public final class EchoServer implements AutoCloseable {
  /// The limits of a node, but for the control frames, of which tests send more.
  public static final SocketLimits LIMITS =
      new SocketLimits(
          65_536,
          64,
          1 << 20,
          new RateLimit(10_000, 10_000),
          Duration.ofSeconds(5),
          Duration.ofSeconds(2));

  /// Answers shorter than that are not compressed.
  public static final int DEFLATED_BYTES_MIN = 20;

  private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";
  private static final long PATIENCE_SECONDS = 10;
  private static final long TICK_MILLIS = 5;

  private final Vertx vertx;
  private final SocketLimits limits;
  private final boolean batchSends;
  private final Map<String, EchoPeer> peers = new ConcurrentHashMap<>();
  private final AtomicInteger names = new AtomicInteger();
  private final AtomicInteger released = new AtomicInteger();
  private final Echo echo = new Echo();

  private EchoServer(SocketLimits limits, Transport transport, boolean batchSends) {
    this.limits = limits;
    this.batchSends = batchSends;
    this.vertx =
        Vertx.builder()
            .with(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1))
            .withTransport(transport)
            .build();
    await(vertx.deployVerticle(echo));
  }

  /// What drives the sockets.
  public enum Driver {
    /// The event loop itself, as a node does on Linux without TLS.
    LOOP(Transport.EPOLL),
    /// Channels of Netty, as with TLS or without epoll.
    CHANNELS(Transport.NIO);

    private final Transport transport;

    Driver(Transport transport) {
      this.transport = transport;
    }
  }

  /// Starts on a free port with [#LIMITS].
  public static EchoServer start(Driver driver) {
    return start(driver, LIMITS);
  }

  /// Starts on a free port.
  public static EchoServer start(Driver driver, SocketLimits limits) {
    return new EchoServer(limits, driver.transport, false);
  }

  /// Starts on a free port, and has the sends of a turn go to the kernel together.
  public static EchoServer startBatching() {
    return new EchoServer(LIMITS, Driver.LOOP.transport, true);
  }

  /// Opens a socket and waits for its upgrade.
  public EchoPeer open(Encoding encoding) {
    var peer = connect(encoding, 0);
    peer.raw().upgrade(peer.path());
    return peer;
  }

  /// Opens a socket on which messages may be compressed.
  public EchoPeer openDeflating(Encoding encoding) {
    var peer = connect(encoding, 0);
    peer.raw().upgrade(offer(peer));
    assertThat(peer.raw().deflates()).isTrue();
    return peer;
  }

  /// The handshake of a peer that offers compression.
  public static List<String> offer(EchoPeer peer) {
    return Stream.concat(RawSocket.handshake(peer.path()).stream(), Stream.of(OFFER)).toList();
  }

  /// Connects and says nothing yet.
  ///
  /// @param receiveBytes size of the client's receive buffer; 0 for the system's choice
  public EchoPeer connect(Encoding encoding, int receiveBytes) {
    String path = "/" + encoding.name() + "/" + names.incrementAndGet();
    var peer = new EchoPeer(this, path, RawSocket.connect(echo.server.actualPort(), receiveBytes));
    peers.put(path, peer);
    return peer;
  }

  /// The port it listens on.
  public int port() {
    return echo.server.actualPort();
  }

  /// How many connections were reported as gone.
  public int released() {
    return released.get();
  }

  /// How many sockets the loop still counts.
  public int openSockets() {
    return onLoop(() -> echo.loop.open());
  }

  /// Runs something on the event loop and waits for it.
  public <T> T onLoop(Callable<T> action) {
    var done = new CompletableFuture<T>();
    echo.run(
        () -> {
          try {
            done.complete(action.call());
          } catch (Exception failure) {
            done.completeExceptionally(failure);
          }
        });
    return done.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  /// Waits until the event loop has read what is in the kernel now.
  public void settle() {
    var done = new CompletableFuture<Void>();
    // A timer set from the loop runs in a later turn than the one that polls the sockets next.
    echo.run(() -> vertx.setTimer(1, _ -> vertx.setTimer(1, _ -> done.complete(null))));
    done.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError(late);
    }
  }

  private final class Echo extends VerticleBase {
    private SocketLoop loop;
    private SocketUpgrade upgrade;
    private HttpServer server;

    @Override
    public Future<?> start() {
      var metrics = new GatewayMetrics(new SimpleMeterRegistry(), 1);
      var deflation = Optional.of(new Deflation(DEFLATED_BYTES_MIN, 1));
      var output = new SocketLoop.Output(deflation, batchSends);
      loop = new SocketLoop(context, limits, output, metrics, released::incrementAndGet);
      upgrade = new SocketUpgrade(loop);
      vertx.setPeriodic(TICK_MILLIS, _ -> loop.sweepClosing(SocketLoop.nowMillis()));
      // As on a node's client port: with HTTP/2 another handler stands between decoder and request.
      var options = new HttpServerOptions().setHttp2ClearTextEnabled(false);
      server = vertx.createHttpServer(options).requestHandler(this::onRequest);
      return server.listen(0, "127.0.0.1");
    }

    @Override
    public Future<?> stop() {
      loop.close();
      return server.close();
    }

    private void run(Runnable action) {
      context.runOnContext(_ -> action.run());
    }

    private void onRequest(HttpServerRequest request) {
      EchoPeer peer = peers.remove(request.path());
      Optional<String> extension =
          DeflateOffer.answer(request.headers().getAll("sec-websocket-extensions"));
      request
          .response()
          .putHeader("upgrade", "websocket")
          .putHeader("connection", "upgrade")
          .putHeader("sec-websocket-accept", acceptKey(request.getHeader("sec-websocket-key")));
      extension.ifPresent(value -> request.response().putHeader("sec-websocket-extensions", value));
      Encoding encoding = Encoding.valueOf(request.path().split("/")[1]);
      var connection =
          ((HttpServerConnection) request.connection()).channelHandlerContext().channel();
      upgrade.accept(
          request,
          Framing.webSocket(encoding),
          extension.isPresent(),
          socket -> peer.listen(socket, context, connection));
    }

    private static String acceptKey(String key) {
      try {
        byte[] text =
            (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
        byte[] digest = MessageDigest.getInstance("SHA-1").digest(text);
        return Base64.getEncoder().encodeToString(digest);
      } catch (NoSuchAlgorithmException everyJdkHasIt) {
        throw new IllegalStateException(everyJdkHasIt);
      }
    }
  }
}
