package dev.switchboard.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The end of the pipeline of a WebSocket that Netty drives: hands what came to [Guard].
///
/// Confined to its event loop.
class FrameHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(FrameHandler.class);

  private final SocketLoop loop;
  private final Socket socket;

  FrameHandler(SocketLoop loop, Socket socket) {
    this.loop = loop;
    this.socket = socket;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    socket.onAdded(new PipelineConnection(context));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      // What the HTTP decoder still had is no frame.
      if (message instanceof ByteBuf bytes) {
        loop.read(socket, bytes);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    socket.onWritable();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    loop.afterwards(socket::onGone);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.debug("a connection failed", cause);
    }
    context.close();
  }
}
