package dev.switchboard.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.function.Function;

/// Makes a [Socket] of an HTTP response that never ends (RFC 9112, 7.1: chunks).
///
/// Vert.x writes the head; everything after that passes by its codec, so that a message is framed
/// once for all who get it, as on a WebSocket.
public final class StreamOpening {
  private final SocketLoop loop;

  /// @param loop shared by all sockets this makes
  public StreamOpening(SocketLoop loop) {
    this.loop = loop;
  }

  /// Answers a request that was read to its end with a stream.
  ///
  /// @param request of HTTP/1.1; further headers are set already
  /// @return the socket, on the same event loop
  public Future<Socket> open(
      HttpServerRequest request, Framing framing, Function<Socket, SocketListener> listener) {
    HttpServerResponse response = request.response().setChunked(true);
    ChannelHandlerContext http =
        ((HttpServerConnection) request.connection()).channelHandlerContext();
    return response
        .writeHead()
        .map(
            _ -> {
              Socket socket = new Socket(loop, framing);
              socket.listener(listener.apply(socket));
              http.channel().config().setWriteBufferWaterMark(SocketLoop.WATER_MARK);
              http.pipeline().addBefore("httpDecoder", null, new StreamHandler(loop, socket));
              if (!http.channel().isActive()) {
                socket.onGone();
              }
              return socket;
            });
  }

  /// Stands before the HTTP codec of a connection whose response never ends, and writes what its
  /// [Socket] sends behind the head that the codec wrote. Confined to its event loop.
  ///
  /// Nothing more is wanted from the client on this connection: what comes is read and forgotten.
  private static final class StreamHandler extends FrameHandler {
    StreamHandler(SocketLoop loop, Socket socket) {
      super(loop, socket);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      super.channelInactive(context);
      // To Vert.x its response ends here.
      context.fireChannelInactive();
    }
  }
}
