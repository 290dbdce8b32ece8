package dev.switchboard.wire;

import dev.switchboard.deflate.Inflated;
import dev.switchboard.metrics.GatewayMetrics.Fault;
import dev.switchboard.protocol.CloseCode;
import dev.switchboard.protocol.Encoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stands behind the frame decoder and lets through whole, lawful messages only (RFC 6455, 5-7).
///
/// Netty's decoder checks single frames; this handler adds what concerns the connection: UTF-8 as
/// it streams, size and number of fragments, the budget for control frames, and the right close
/// code for each breach. Compressed messages (RFC 7692) are kept as they come, within about the
/// same size, and inflated when whole: what does that belongs to the loop, and remembers nothing
/// between two calls. Confined to its event loop.
final class GuardHandler extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(GuardHandler.class);
  private static final int RSV1 = 4;

  private final SocketLoop loop;
  private final Socket socket;
  private byte[] partial;
  private int partialBytes;
  private int fragments;
  private int utf8 = Utf8.COMPLETE;
  private boolean compressed;
  private long controlFrames;

  GuardHandler(SocketLoop loop, Socket socket) {
    this.loop = loop;
    this.socket = socket;
    this.controlFrames = loop.limits().controlFrames().full(SocketLoop.nowMillis());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    socket.onAdded(context);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ContextInternal previous = loop.context().beginDispatch();
    try {
      // After a close began, and for what the HTTP decoder still had, only a close is wanted.
      if (message instanceof WebSocketFrame frame
          && (!socket.isClosing() || frame instanceof CloseWebSocketFrame)) {
        onFrame(frame);
      }
    } finally {
      loop.context().endDispatch(previous);
      ReferenceCountUtil.release(message);
    }
  }

  private void onFrame(WebSocketFrame frame) {
    // Of others the decoder takes no reserved bit at all.
    if (frame.rsv() != 0 && !beginsCompressed(frame)) {
      breach(CloseCode.PROTOCOL_ERROR);
      return;
    }
    switch (frame) {
      case TextWebSocketFrame text -> onFirst(text, Encoding.JSON);
      case BinaryWebSocketFrame binary -> onFirst(binary, Encoding.PROTOBUF);
      case ContinuationWebSocketFrame more -> onFragment(more);
      case PingWebSocketFrame ping -> {
        if (withinBudget()) {
          socket.onPing(copy(ping.content()));
        }
      }
      case PongWebSocketFrame _ -> withinBudget();
      case CloseWebSocketFrame close -> onClose(close.content());
      default -> throw new IllegalStateException("not a frame of RFC 6455");
    }
  }

  private static boolean beginsCompressed(WebSocketFrame frame) {
    return frame.rsv() == RSV1
        && (frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame);
  }

  private void onClose(ByteBuf body) {
    if (!body.isReadable()) {
      socket.onCloseFrame(CloseCode.NO_STATUS.code(), false);
      return;
    }
    int code = body.readUnsignedShort();
    if (!mayBeSent(code)) {
      breach(CloseCode.PROTOCOL_ERROR);
      socket.endAfterFlush();
    } else if (Utf8.check(Utf8.COMPLETE, body) != Utf8.COMPLETE) {
      breach(CloseCode.INVALID_PAYLOAD);
      socket.endAfterFlush();
    } else {
      socket.onCloseFrame(code, true);
    }
  }

  /// RFC 6455, 7.4, and the codes registered since.
  private static boolean mayBeSent(int code) {
    return code >= 1000 && code <= 1003
        || code >= 1007 && code <= 1014
        || code >= 3000 && code <= 4999;
  }

  private void onFirst(WebSocketFrame frame, Encoding kind) {
    if (kind != socket.encoding()) {
      breach(CloseCode.UNSUPPORTED_DATA);
      return;
    }
    compressed = frame.rsv() == RSV1;
    onFragment(frame);
  }

  private void onFragment(WebSocketFrame frame) {
    ByteBuf content = frame.content();
    if (++fragments > loop.limits().fragmentsMax()
        || partialBytes + content.readableBytes() > bytesMax()) {
      breach(CloseCode.MESSAGE_TOO_BIG);
      return;
    }
    if (!compressed && !isText(content, frame.isFinalFragment())) {
      breach(CloseCode.INVALID_PAYLOAD);
      return;
    }
    if (!frame.isFinalFragment()) {
      keep(content);
      return;
    }
    byte[] message = partial == null ? copy(content) : join(content);
    forgetPartial();
    if (compressed) {
      onCompressed(message);
    } else {
      socket.receive(message);
    }
  }

  private int bytesMax() {
    return compressed ? loop.limits().compressedBytesMax() : loop.limits().messageBytesMax();
  }

  /// Whether the next part of a message is UTF-8, where that must be so.
  private boolean isText(ByteBuf part, boolean last) {
    if (socket.encoding() == Encoding.JSON) {
      utf8 = Utf8.check(utf8, part);
    }
    return utf8 != Utf8.INVALID && !(last && utf8 != Utf8.COMPLETE);
  }

  /// A message whose length and text are known only when it is inflated, which ends at the limit.
  ///
  /// What cannot be inflated is no message of its type: 1007. RFC 7692 only says that the
  /// connection fails.
  private void onCompressed(byte[] message) {
    switch (loop.inflated(message)) {
      case Inflated.TooLong() -> breach(CloseCode.MESSAGE_TOO_BIG);
      case Inflated.Broken() -> breach(CloseCode.INVALID_PAYLOAD);
      case Inflated.Whole(byte[] whole) -> {
        if (isText(Unpooled.wrappedBuffer(whole), true)) {
          socket.receive(whole);
        } else {
          breach(CloseCode.INVALID_PAYLOAD);
        }
      }
    }
  }

  private void keep(ByteBuf content) {
    int length = content.readableBytes();
    int needed = partialBytes + length;
    if (partial == null) {
      partial = new byte[length];
    } else if (needed > partial.length) {
      int doubled = Math.min(bytesMax(), partial.length * 2);
      partial = Arrays.copyOf(partial, Math.max(needed, doubled));
    }
    content.readBytes(partial, partialBytes, length);
    partialBytes = needed;
  }

  private byte[] join(ByteBuf last) {
    byte[] message = Arrays.copyOf(partial, partialBytes + last.readableBytes());
    last.readBytes(message, partialBytes, last.readableBytes());
    return message;
  }

  private void forgetPartial() {
    partial = null;
    partialBytes = 0;
    fragments = 0;
  }

  private boolean withinBudget() {
    var limit = loop.limits().controlFrames();
    controlFrames = limit.take(controlFrames, SocketLoop.nowMillis());
    if (!limit.allowed(controlFrames)) {
      breach(CloseCode.POLICY_VIOLATION);
      return false;
    }
    return true;
  }

  private void breach(CloseCode code) {
    forgetPartial();
    socket.close(code);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    socket.onWritable();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    forgetPartial();
    ContextInternal previous = loop.context().beginDispatch();
    try {
      socket.onGone();
    } finally {
      loop.context().endDispatch(previous);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    ContextInternal previous = loop.context().beginDispatch();
    try {
      onFailure(context, cause);
    } finally {
      loop.context().endDispatch(previous);
    }
  }

  private void onFailure(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof DecoderException) {
      breach(closeCodeOf(cause));
      // What follows a broken frame cannot be parsed; read and forget it until the close.
      if (context.pipeline().get(FrameDecoder.class) != null) {
        context.pipeline().remove(FrameDecoder.class);
      }
    } else if (cause instanceof IOException) {
      context.close();
    } else {
      LOG.error("socket handler failed", cause);
      loop.metrics().onFault(Fault.SOCKET);
      socket.close(CloseCode.INTERNAL_ERROR);
    }
  }

  private static CloseCode closeCodeOf(Throwable cause) {
    return cause instanceof CorruptedWebSocketFrameException corrupted
        ? switch (corrupted.closeStatus().code()) {
          case 1007 -> CloseCode.INVALID_PAYLOAD;
          case 1009 -> CloseCode.MESSAGE_TOO_BIG;
          default -> CloseCode.PROTOCOL_ERROR;
        }
        : CloseCode.PROTOCOL_ERROR;
  }

  private static byte[] copy(ByteBuf content) {
    byte[] bytes = new byte[content.readableBytes()];
    content.readBytes(bytes);
    return bytes;
  }
}
