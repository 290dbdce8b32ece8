package dev.switchboard.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;

/// A connection that Netty drives: within TLS, as an HTTP response, or where there is no epoll.
/// Confined to its event loop.
final class PipelineConnection implements Connection {
  private final ChannelHandlerContext context;

  /// @param context of the handler before which nothing of HTTP is left
  PipelineConnection(ChannelHandlerContext context) {
    this.context = context;
  }

  @Override
  public boolean isWritable() {
    return context.channel().isWritable();
  }

  @Override
  public void write(ByteBuf bytes) {
    context.writeAndFlush(bytes.retainedDuplicate(), context.voidPromise());
  }

  @Override
  public long unwrittenBytes() {
    ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  @Override
  public int idleDescriptor() {
    return -1;
  }

  @Override
  public void end() {
    context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void abort() {
    // The peer may have broken the connection in this very turn, before we are told.
    if (context.channel().isOpen()) {
      // A closed socket keeps its unread bytes in the kernel; lingering for 0 s gives them up.
      context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    }
    // Past TLS, whose own close would wait for the flush that never comes.
    context.channel().unsafe().close(context.voidPromise());
  }
}
