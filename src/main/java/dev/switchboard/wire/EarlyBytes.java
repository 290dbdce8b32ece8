package dev.switchboard.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/// Keeps the frames that came right behind the handshake until somebody can read them.
///
/// A client may send them in the same TCP segment. The HTTP decoder hands them on when it is
/// removed, at a moment when only Vert.x's HTTP handler is there, which would drop them. When this
/// handler is removed in turn, they go to whatever comes next. Confined to its event loop.
final class EarlyBytes extends ChannelInboundHandlerAdapter {
  private ByteBuf kept;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
    } else if (kept == null) {
      kept = bytes;
    } else {
      kept = context.alloc().compositeBuffer().addComponents(true, kept, bytes);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (kept != null) {
      ByteBuf all = kept;
      kept = null;
      context.fireChannelRead(all);
      context.fireChannelReadComplete();
    }
  }
}
