package dev.switchboard.wire;

import dev.switchboard.metrics.GatewayMetrics;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;

/// What all sockets of one event loop share: limits, the outbox, and those that are closing.
///
/// One per WebSocket verticle and confined to its event loop, so a socket itself stays small.
public final class SocketLoop {
  /// Above the high mark frames wait in our outbox, where they are counted and can be dropped.
  static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(16_384, 65_536);

  private final SocketLimits limits;
  private final GatewayMetrics metrics;
  private final ContextInternal context;
  private final Outbox outbox;
  private final Traffic traffic = new Traffic();
  private final Runnable released;
  private final DeadlineQueue<Socket> closing;
  private int open;

  /// @param context the event-loop context whose connections this serves
  /// @param released called when a connection is gone and its descriptor free
  public SocketLoop(
      Context context, SocketLimits limits, GatewayMetrics metrics, Runnable released) {
    this.limits = limits;
    this.metrics = metrics;
    this.released = released;
    this.context = (ContextInternal) context;
    this.outbox = new Outbox(this.context, PooledByteBufAllocator.DEFAULT, limits.ageMax());
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
    traffic.report(metrics);
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
