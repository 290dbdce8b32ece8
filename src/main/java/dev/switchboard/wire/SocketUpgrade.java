package dev.switchboard.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.internal.net.NetSocketInternal;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns an accepted upgrade request into a [Socket].
///
/// Vert.x answers 101 and lets go of HTTP. A plain connection that epoll drives is then taken from
/// Netty too ([DirectConnection]); any other keeps its channel, with one handler of ours in place
/// of Vert.x's, which would keep the request and response reachable for the socket's whole life
/// (ADRs 0001 and 0012 have the bytes).
public final class SocketUpgrade {
  private static final Logger LOG = LoggerFactory.getLogger(SocketUpgrade.class);

  private final SocketLoop loop;

  /// @param loop shared by all sockets this makes
  public SocketUpgrade(SocketLoop loop) {
    this.loop = loop;
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
              Channel channel = http.channel();
              if (!isDirect(channel) || !openDirectly(channel, socket, early)) {
                takeOver(((NetSocketInternal) netSocket).channelHandlerContext(), socket);
                http.pipeline().remove(early);
              }
              return socket;
            })
        .onFailure(_ -> http.pipeline().remove(early));
  }

  /// Whether the bytes on the wire are ours, and the 101 is on its way.
  private static boolean isDirect(Channel channel) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return channel instanceof EpollSocketChannel
        && channel.isActive()
        && channel.pipeline().get(SslHandler.class) == null
        && buffer != null
        && buffer.isEmpty();
  }

  private boolean openDirectly(Channel channel, Socket socket, EarlyBytes early) {
    try {
      DirectConnection.open(loop, socket, ((EpollSocketChannel) channel).fd().intValue());
    } catch (IOException refused) {
      LOG.debug("a connection stays with Netty", refused);
      return false;
    }
    early.passTo(bytes -> loop.read(socket, bytes));
    // To Vert.x and Netty the connection ends here, and with it their descriptor only.
    channel.close();
    return true;
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
    pipeline.addLast(new FrameHandler(loop, socket));
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
  /// this handler is removed in turn, they go to whatever comes next; or to another reader, if one
  /// is named. Confined to its event loop.
  private static final class EarlyBytes extends ChannelInboundHandlerAdapter {
    private ByteBuf kept;
    private Consumer<ByteBuf> reader;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (!(message instanceof ByteBuf bytes)) {
        context.fireChannelRead(message);
      } else if (reader != null) {
        pass(bytes);
      } else if (kept == null) {
        kept = bytes;
      } else {
        kept = context.alloc().compositeBuffer().addComponents(true, kept, bytes);
      }
    }

    /// Hands what came, and what the HTTP decoder still holds, to another reader.
    void passTo(Consumer<ByteBuf> next) {
      reader = next;
      if (kept != null) {
        ByteBuf all = kept;
        kept = null;
        pass(all);
      }
    }

    private void pass(ByteBuf bytes) {
      try {
        reader.accept(bytes);
      } finally {
        bytes.release();
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
