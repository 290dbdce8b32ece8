package dev.switchboard.wire;

import dev.switchboard.protocol.Encoding;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
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
  // Above the high mark frames wait in our outbox, where they are counted and can be dropped.
  private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(16_384, 65_536);

  private final SocketLoop loop;
  private final WebSocketDecoderConfig decoder;

  /// @param loop shared by all sockets this makes
  public SocketUpgrade(SocketLoop loop) {
    this.loop = loop;
    this.decoder =
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(loop.limits().messageBytesMax())
            .expectMaskedFrames(true)
            .allowMaskMismatch(false)
            .allowExtensions(false)
            .closeOnProtocolViolation(false)
            .withUTF8Validator(false)
            .build();
  }

  /// Sends the 101 whose headers are already set on the response, and takes the connection over.
  ///
  /// @return the socket, on the same event loop
  public Future<Socket> accept(
      HttpServerRequest request, Encoding encoding, Function<Socket, SocketListener> listener) {
    ChannelHandlerContext http =
        ((HttpServerConnection) request.connection()).channelHandlerContext();
    var early = new EarlyBytes();
    http.pipeline().addBefore(http.name(), null, early);
    return request
        .toNetSocket()
        .map(
            netSocket -> {
              Socket socket = new Socket(loop, encoding);
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
    pipeline.channel().config().setWriteBufferWaterMark(WATER_MARK);
    pipeline.remove(vertxHandler);
    removeIfPresent(pipeline, "chunkedWriter");
    removeIfPresent(pipeline, "handshaker");
    pipeline.addLast(new FrameDecoder(decoder), new GuardHandler(loop, socket));
    if (!pipeline.channel().isActive()) {
      socket.onGone();
    }
  }

  private static void removeIfPresent(ChannelPipeline pipeline, String name) {
    if (pipeline.get(name) != null) {
      pipeline.remove(name);
    }
  }
}
