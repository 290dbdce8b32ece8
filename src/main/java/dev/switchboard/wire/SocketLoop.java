package dev.switchboard.wire;

import dev.switchboard.deflate.Deflation;
import dev.switchboard.deflate.Inflated;
import dev.switchboard.metrics.GatewayMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import java.util.Optional;

/// What all sockets of one event loop share: limits, the outbox, compression, and those that are
/// closing.
///
/// One per WebSocket verticle and confined to its event loop, so a socket itself stays small.
public final class SocketLoop {
  /// Above the high mark frames wait in our outbox, where they are counted and can be dropped.
  static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(16_384, 65_536);

  // At most so much of one socket before the next one has its turn.
  private static final int READ_BYTES = 65_536;

  private final SocketLimits limits;
  private final Optional<Deflation> deflation;
  private final GatewayMetrics metrics;
  private final ContextInternal context;
  private final Optional<Sends> sends;
  private final Outbox outbox;
  private final Traffic traffic = new Traffic();
  private final Runnable released;
  private final DeadlineQueue<Socket> closing;
  private final Guard guard = new Guard(this);
  private final Slices slices;
  private ByteBuf readBuffer;
  private int open;

  /// How messages go out.
  ///
  /// @param deflation empty when no socket is compressed
  /// @param batchSends whether the sends of a turn enter the kernel together where it allows that;
  ///   not for connections within TLS
  public record Output(Optional<Deflation> deflation, boolean batchSends) {}

  /// @param context the event-loop context whose connections this serves
  /// @param released called when a connection is gone and its descriptor free
  public SocketLoop(
      Context context,
      SocketLimits limits,
      Output output,
      GatewayMetrics metrics,
      Runnable released) {
    this.limits = limits;
    this.deflation = output.deflation();
    this.metrics = metrics;
    this.released = released;
    this.context = (ContextInternal) context;
    this.slices = new Slices(this.context.nettyEventLoop());
    this.sends = output.batchSends() ? Sends.open() : Optional.empty();
    this.outbox = new Outbox(this.context, PooledByteBufAllocator.DEFAULT, limits.ageMax(), sends);
    this.closing = new DeadlineQueue<>(limits.closeGrace().toMillis());
  }

  /// Monotonic milliseconds for deadlines; wraps around, so compare by difference.
  public static int nowMillis() {
    return (int) (System.nanoTime() / 1_000_000);
  }

  /// Closes for good the sockets whose peers did not answer a close frame within the grace.
  public void sweepClosing(int nowMillis) {
    closing.sweep(nowMillis, Socket::abort);
  }

  /// Gives back what the kernel keeps for this loop; no socket may be told anything after it.
  public void close() {
    closing.forEach(Socket::abort);
    sends.ifPresent(Sends::close);
    if (readBuffer != null) {
      readBuffer.release();
    }
  }

  /// Sockets whose connection still exists, closing ones included.
  public int open() {
    return open;
  }

  /// Runs `action` after what is queued now was handed to its sockets, in the same loop turn.
  public void afterFlush(Runnable action) {
    outbox.afterFlush(action);
  }

  /// Adds what passed through the sockets since the last call to the meters.
  public void reportTraffic() {
    traffic.report(metrics, deflation.map(Deflation::runs).orElse(0L));
  }

  /// What goes instead of `frame` to a socket that agreed to compression: the same message
  /// compressed, if that is worth it.
  Frame deflated(Frame frame) {
    Frame deflated = frame.deflated(deflation.orElseThrow());
    if (deflated != frame) {
      traffic.onDeflated(frame.size(), deflated.size());
    }
    return deflated;
  }

  /// Inflates a message, within the limit for messages.
  Inflated inflated(byte[] message) {
    Inflated inflated = deflation.orElseThrow().inflate(message, limits.messageBytesMax());
    if (inflated instanceof Inflated.Whole(byte[] whole)) {
      traffic.onInflated(message.length, whole.length);
    }
    return inflated;
  }

  /// Has what came for `socket` read; none of it is needed any more when this returns.
  void read(Socket socket, ByteBuf bytes) {
    dispatch(() -> guard.read(socket, bytes));
  }

  /// Runs what Netty called for under the loop's Vert.x context.
  void dispatch(Runnable action) {
    ContextInternal previous = context.beginDispatch();
    try {
      action.run();
    } finally {
      context.endDispatch(previous);
    }
  }

  /// Ends what is left of a connection that is gone, under the loop's Vert.x context: soon, but
  /// never so many at a time that the others wait for them.
  ///
  /// @throws java.util.concurrent.RejectedExecutionException when the loop has ended
  void afterwards(Runnable end) {
    slices.add(() -> dispatch(end));
  }

  /// Whether so much waits to be done [#afterwards] that the loop had better ask again.
  boolean isBehind() {
    return slices.areEnough();
  }

  /// Where a socket's bytes are read to, before the next socket's.
  ByteBuf readBuffer() {
    if (readBuffer == null) {
      readBuffer = Unpooled.directBuffer(READ_BYTES, READ_BYTES);
    }
    return readBuffer;
  }

  Traffic traffic() {
    return traffic;
  }

  /// The Vert.x context that code called from Netty must run under.
  ContextInternal context() {
    return context;
  }

  SocketLimits limits() {
    return limits;
  }

  GatewayMetrics metrics() {
    return metrics;
  }

  Outbox outbox() {
    return outbox;
  }

  void onOpened() {
    open++;
  }

  void onReleased() {
    open--;
    released.run();
  }

  void onClosing(Socket socket) {
    closing.add(socket);
  }
}
