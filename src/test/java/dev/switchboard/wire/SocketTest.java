package dev.switchboard.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.AllowLog;
import dev.switchboard.testkit.ClientFrame;
import dev.switchboard.testkit.EchoPeer;
import dev.switchboard.testkit.EchoPeer.Ending;
import dev.switchboard.testkit.EchoServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How a socket ends when its peer reads slowly, leaves early or its listener fails.
@ParameterizedClass
@EnumSource(EchoServer.Driver.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SocketTest {
  private static final int CHUNK_BYTES = 60_000;
  private static final int CHUNKS = 12;

  @Parameter private EchoServer.Driver driver;
  private EchoServer server;

  @BeforeParameterizedClassInvocation
  void start() {
    server = EchoServer.start(driver);
  }

  @AfterParameterizedClassInvocation
  void stop() {
    server.close();
  }

  private EchoPeer slowReader() {
    var peer = server.connect(Encoding.PROTOBUF, 65_536);
    peer.raw().upgrade(peer.path());
    return peer;
  }

  /// Sends until the kernel takes no more and frames wait in our buffers.
  ///
  /// @return how many frames were sent
  private int fill(EchoPeer peer) {
    int sent = 0;
    while (server.<Boolean>onLoop(() -> peer.socket().isFlushed())) {
      sent += send(peer);
      server.settle();
    }
    return sent;
  }

  private int send(EchoPeer peer) {
    return server.onLoop(
        () -> {
          Frame chunk = Frame.of(Framing.WEBSOCKET_PROTOBUF, new byte[CHUNK_BYTES]);
          for (int count = 0; count < CHUNKS; count++) {
            peer.socket().send(chunk);
          }
          return CHUNKS;
        });
  }

  @Test
  void aSlowReaderThatClosesStillGetsEverything() {
    try (var peer = slowReader()) {
      // Given
      int sent = fill(peer);

      // When
      peer.send(ClientFrame.close(1000, ""));
      server.settle();

      // Then
      for (int index = 0; index < sent; index++) {
        peer.expectEcho(new byte[CHUNK_BYTES]);
      }
      assertThat(peer.raw().read().closeCode()).isEqualTo(1000);
      assertThat(peer.raw().expectEnd()).isTrue();
    }
  }

  @Test
  void aReaderThatStopsIsClosedAsSlow() {
    try (var peer = slowReader()) {
      // When
      fill(peer);
      send(peer);
      send(peer);

      // Then
      assertThat(peer.ending()).isEqualTo(new Ending(CloseCode.SLOW.code(), false));
    }
  }

  @Test
  @AllowLog(logger = "dev.switchboard.wire.Guard", containing = "socket handler failed")
  void aListenerThatFailsEndsItsSocketOnly() {
    try (var peer = server.open(Encoding.JSON);
        var other = server.open(Encoding.JSON)) {
      // When
      peer.send(ClientFrame.text(EchoPeer.FAULT));

      // Then
      peer.expectFailure(CloseCode.INTERNAL_ERROR.code());
      other.expectAlive();
    }
  }

  @Test
  void aListenerThatFailsAtTheEndKeepsNothingOpen() {
    // Given
    var peer = server.open(Encoding.JSON);
    int open = server.openSockets();
    var failed = new AtomicInteger();

    // When
    server.onLoop(
        () -> {
          peer.socket().listener(new Failing(failed));
          try {
            peer.socket().close(4000, "bye");
          } catch (IllegalStateException planted) {
            failed.incrementAndGet();
          }
          return null;
        });

    // Then
    assertThat(peer.raw().read().closeCode()).isEqualTo(4000);
    peer.send(ClientFrame.close(4000, ""));
    assertThat(peer.raw().expectEnd()).isTrue();
    await().until(() -> server.openSockets() == open - 1);
    assertThat(failed).hasValue(2);
    peer.raw().close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConnectionThatIsGoneTwiceIsReleasedOnce(boolean closedBefore) {
    // Given
    var released = new AtomicInteger();
    List<Integer> endings = new ArrayList<>();
    Vertx vertx = Vertx.vertx();
    var metrics = new GatewayMetrics(new SimpleMeterRegistry(), 1);
    Context context = vertx.getOrCreateContext();
    var loop =
        new SocketLoop(
            context,
            EchoServer.LIMITS,
            new SocketLoop.Output(Optional.empty(), false),
            metrics,
            released::incrementAndGet);
    var socket = new Socket(loop, Framing.WEBSOCKET_JSON);
    socket.listener(new Recording(endings));

    // When
    on(
        context,
        () -> {
          if (closedBefore) {
            socket.close(CloseCode.SHUTDOWN);
          }
          socket.onGone();
          socket.onGone();
        });

    // Then
    assertThat(released).hasValue(1);
    assertThat(endings).containsExactly(closedBefore ? 3001 : 1006);
    vertx.close().await();
  }

  private record Failing(AtomicInteger failed) implements SocketListener {
    @Override
    public void onMessage(byte[] message) {}

    @Override
    public void onClosed(int code, boolean byPeer) {
      failed.incrementAndGet();
      throw new IllegalStateException("a planted fault");
    }
  }

  private record Recording(List<Integer> endings) implements SocketListener {
    @Override
    public void onMessage(byte[] message) {}

    @Override
    public void onClosed(int code, boolean byPeer) {
      endings.add(code);
    }
  }

  private static void on(Context context, Runnable action) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        _ -> {
          action.run();
          done.complete();
        });
    done.future().await();
  }
}
