package dev.switchboard.wire;

import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.ClientFrame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// A text message on its way from the kernel's bytes to the listener of a [Socket].
///
/// Through an embedded channel, whose own cost is in it.
@State(Scope.Thread)
public class GuardBenchmark {
  private static final SocketLimits LIMITS =
      new SocketLimits(
          65_536, 64, 1 << 20, new RateLimit(1, 1), Duration.ofHours(1), Duration.ofHours(1));

  @Param({"32", "128", "2048", "65536"})
  int size;

  /// How many reads the frame comes in.
  @Param({"1", "4"})
  int pieces;

  private Vertx vertx;
  private EmbeddedChannel channel;
  private ByteBuf[] reads;
  private byte[] received;

  @Setup
  public void setUp() {
    vertx = Vertx.vertx();
    channel = new EmbeddedChannel();
    open().listener(new Receiver());
    byte[] frame = ClientFrame.text("x".repeat(size)).bytes();
    ByteBuf all = Unpooled.directBuffer(frame.length).writeBytes(frame);
    reads = new ByteBuf[pieces];
    for (int index = 0; index < pieces; index++) {
      int from = frame.length * index / pieces;
      reads[index] = all.slice(from, frame.length * (index + 1) / pieces - from);
    }
  }

  /// A WebSocket on the channel, as [SocketUpgrade] makes it.
  private Socket open() {
    var context =
        ((VertxInternal) vertx).contextBuilder().withEventLoop(channel.eventLoop()).build();
    var metrics = new GatewayMetrics(new SimpleMeterRegistry(), 1);
    var output = new SocketLoop.Output(Optional.empty(), false);
    var loop = new SocketLoop(context, LIMITS, output, metrics, () -> {});
    var socket = new Socket(loop, Framing.webSocket(Encoding.JSON));
    channel.pipeline().addLast(new FrameHandler(loop, socket));
    return socket;
  }

  private final class Receiver implements SocketListener {
    @Override
    public void onMessage(byte[] message) {
      received = message;
    }

    @Override
    public void onClosed(int code, boolean byPeer) {
      throw new IllegalStateException("closed with " + code);
    }
  }

  @TearDown
  public void tearDown() {
    vertx.close().await();
  }

  @Benchmark
  public byte[] receive() {
    received = null;
    for (ByteBuf read : reads) {
      channel.writeInbound(read.retainedDuplicate());
    }
    if (received.length != size) {
      throw new IllegalStateException(received.length + " bytes");
    }
    return received;
  }
}
