package dev.switchboard.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/// Takes new connections no faster than the event loops get around to them.
///
/// After a few it waits until each loop that got one of them has gone through a turn. So a storm of
/// clients takes a small share of each turn, and those who are here already are served in between;
/// who has to wait does so in the kernel, up to `http.accept_backlog`. Stands on the channel that
/// listens, and is confined to its event loop.
public final class AcceptPace extends ChannelInboundHandlerAdapter {
  /// Connections that an event loop gets in a turn.
  static final int ACCEPTS = 2;

  private static final long NOTHING_MILLIS = 100;

  private final Set<EventLoop> taking = new HashSet<>();
  private int turns;

  AcceptPace() {}

  /// Has the port to which somebody connected keep the pace from now on.
  public static void keep(HttpConnection connection) {
    keep(((HttpServerConnection) connection).channelHandlerContext().channel());
  }

  static void keep(Channel connection) {
    if (connection.parent() instanceof ServerChannel listening && listening.config().isAutoRead()) {
      int loops = 0;
      for (var _ : connection.eventLoop().parent()) {
        loops++;
      }
      int accepts = loops * ACCEPTS;
      listening.eventLoop().execute(() -> begin(listening, accepts));
    }
  }

  private static void begin(ServerChannel listening, int accepts) {
    if (listening.config().isAutoRead()) {
      listening.config().setAutoRead(false);
      listening
          .config()
          .setRecvByteBufAllocator(
              new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(accepts));
      listening.pipeline().addFirst(new AcceptPace());
      listening.read();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object connection) {
    context.fireChannelRead(connection);
    taking.add(((Channel) connection).eventLoop());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    if (taking.isEmpty()) {
      // It failed, as it does when there are no descriptors, and would do so again at once.
      var _ = context.executor().schedule(context::read, NOTHING_MILLIS, TimeUnit.MILLISECONDS);
      return;
    }
    turns = taking.size();
    taking.forEach(loop -> afterTurn(loop, context));
    taking.clear();
  }

  private void afterTurn(EventLoop loop, ChannelHandlerContext context) {
    try {
      loop.execute(() -> Slices.inNextTurn(loop, () -> resume(context)));
    } catch (RejectedExecutionException loopHasEnded) {
      onTurn(context);
    }
  }

  private void resume(ChannelHandlerContext context) {
    context.executor().execute(() -> onTurn(context));
  }

  private void onTurn(ChannelHandlerContext context) {
    if (--turns == 0) {
      context.read();
    }
  }
}
