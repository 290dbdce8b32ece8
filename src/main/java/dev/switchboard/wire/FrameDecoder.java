package dev.switchboard.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;

/// Netty's frame decoder without its check of close frames, which [GuardHandler] does.
///
/// Netty takes the code for a signed number, knows no upper bound and overlooks a reason that ends
/// within a character. Confined to one event loop.
final class FrameDecoder extends WebSocket13FrameDecoder {
  FrameDecoder(WebSocketDecoderConfig config) {
    super(config);
  }

  @Override
  protected void checkCloseFrameBody(ChannelHandlerContext context, ByteBuf body) {
    // Left to the guard, which sees every close frame.
  }
}
