package dev.switchboard.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.internal.net.NetSocketInternal;
import java.util.function.Function;

/// Turns an accepted upgrade request into a [Socket] on a pipeline of two handlers.
///
/// Vert.x answers 101 and lets go of HTTP; then its own handler goes too, with the request and
/// response it would keep reachable for the socket's whole life (ADR 0001 has the bytes).
public final class SocketUpgrade {
  private final SocketLoop loop;
  private final WebSocketDecoderConfig decoder;
  private final WebSocketDecoderConfig deflating;

  /// @param loop shared by all sockets this makes
  public SocketUpgrade(SocketLoop loop) {
    this.loop = loop;
    this.decoder = decoder(loop.limits(), false);
    this.deflating = decoder(loop.limits(), true);
  }

  /// How frames are read.
  ///
  /// @param deflated whether some are compressed; their reserved bits are let through then, to be
  ///   judged by the guard
  static WebSocketDecoderConfig decoder(SocketLimits limits, boolean deflated) {
    return WebSocketDecoderConfig.newBuilder()
        .maxFramePayloadLength(deflated ? limits.compressedBytesMax() : limits.messageBytesMax())
        .expectMaskedFrames(true)
        .allowMaskMismatch(false)
        .allowExtensions(deflated)
        .closeOnProtocolViolation(false)
        .withUTF8Validator(false)
        .build();
  }

  /// Sends the 101 whose headers are already set on the response, and takes the connection over.
  ///
  /// @param deflates whether these headers agree to compression
  /// @return the socket, on the same event loop
  public Future<Socket> accept(
      HttpServerRequest request,
      Framing framing,
      boolean deflates,
      Function<Socket, SocketListener> listener) {
    ChannelHandlerContext http =
        ((HttpServerConnection) request.connection()).channelHandlerContext();
    var early = new EarlyBytes();
    http.pipeline().addBefore(http.name(), null, early);
    return request
        .toNetSocket()
        .map(
            netSocket -> {
              Socket socket = new Socket(loop, framing, deflates);
              socket.listener(listener.apply(socket));
              takeOver(((NetSocketInternal) netSocket).channelHandlerContext(), socket);
              http.pipeline().remove(early);
              return socket;
            })
        .onFailure(_ -> http.pipeline().remove(early));
  }

  private void takeOver(ChannelHandlerContext vertxContext, Socket socket) {
    ChannelPipeline pipeline = vertxContext.pipeline();
    var vertxHandler = (ChannelInboundHandler) vertxContext.handler();
    try {
      // For Vert.x the HTTP connection ends here: its meters and references must not outlive it.
      vertxHandler.channelInactive(vertxContext);
    } catch (Exception failure) {
      throw new IllegalStateException("Vert.x could not let go of the connection", failure);
    }
    pipeline.channel().config().setWriteBufferWaterMark(SocketLoop.WATER_MARK);
    pipeline.remove(vertxHandler);
    removeIfPresent(pipeline, "chunkedWriter");
    removeIfPresent(pipeline, "handshaker");
    pipeline.addLast(
        new FrameDecoder(socket.deflates() ? deflating : decoder), new GuardHandler(loop, socket));
    if (!pipeline.channel().isActive()) {
      socket.onGone();
    }
  }

  private static void removeIfPresent(ChannelPipeline pipeline, String name) {
    if (pipeline.get(name) != null) {
      pipeline.remove(name);
    }
  }

  /// Keeps the frames that came right behind the handshake until somebody can read them.
  ///
  /// A client may send them in the same TCP segment. The HTTP decoder hands them on when it is
  /// removed, at a moment when only Vert.x's HTTP handler is there, which would drop them. When
  /// this handler is removed in turn, they go to whatever comes next. Confined to its event loop.
  private static final class EarlyBytes extends ChannelInboundHandlerAdapter {
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
}
