package dev.switchboard.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.EchoPeer;
import dev.switchboard.testkit.EchoServer;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What a message for many costs an event loop, counted and not timed.
class FlushCostTest {
  /// As counted when this was written, and 15 % more: the batch and its buffer, shared by all.
  private static final double BYTES_MAX = 39.3 * 1.15;

  private static final int SOCKETS = 300;
  private static final int TURNS = 50;
  private static final int ROUNDS = 10;
  private static final Frame FRAME = Frame.of(Framing.WEBSOCKET_JSON, new byte[128]);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final EchoServer server = EchoServer.startBatching();
  private final List<EchoPeer> peers = new ArrayList<>();

  @BeforeAll
  static void thereIsARing() {
    SendsTest.thereIsARing();
  }

  @AfterEach
  void stop() {
    peers.forEach(EchoPeer::close);
    server.close();
  }

  private long allocated() {
    return server.onLoop(THREADS::getCurrentThreadAllocatedBytes);
  }

  /// Heap per delivery over some turns.
  private double bytesPerDelivery() {
    long before = allocated();
    for (int turn = 0; turn < TURNS; turn++) {
      server.onLoop(
          () -> {
            peers.forEach(peer -> peer.socket().send(FRAME));
            return null;
          });
    }
    return (double) (allocated() - before) / TURNS / SOCKETS;
  }

  @Test
  void aDeliveryAllocatesNextToNothing() {
    // Given
    IntStream.range(0, SOCKETS).forEach(_ -> peers.add(server.open(Encoding.JSON)));

    // When
    double[] rounds = IntStream.range(0, ROUNDS).mapToDouble(_ -> bytesPerDelivery()).toArray();

    // Then
    double least = IntStream.range(0, ROUNDS).mapToDouble(i -> rounds[i]).min().orElseThrow();
    assertThat(least).as("heap bytes per delivery").isBetween(0.1, BYTES_MAX);
  }
}
