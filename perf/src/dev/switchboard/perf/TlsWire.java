package dev.switchboard.perf;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// A connection within TLS. Confined to the client's thread.
///
/// It believes any certificate: what is measured is the server's work. Buffers are held only while
/// something is in them, as thousands of connections at rest would need a gigabyte for nothing.
final class TlsWire implements Wire {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final SSLEngine engine;
  private final int packetBytes;
  private final int contentBytes;
  private ByteBuffer received = NOTHING;
  private ByteBuffer decoded = NOTHING;
  private ByteBuffer encoded = NOTHING;
  private boolean open;
  private boolean ended;

  TlsWire(SocketChannel channel, Station.Tls tls, InetSocketAddress server) throws IOException {
    this.channel = channel;
    // It keeps one session for each name and port, of the server as it takes it.
    engine =
        tls.client()
            .map(name -> tls.context().createSSLEngine(name, server.getPort()))
            .orElseGet(tls.context()::createSSLEngine);
    engine.setUseClientMode(true);
    packetBytes = engine.getSession().getPacketBufferSize();
    contentBytes = engine.getSession().getApplicationBufferSize();
    engine.beginHandshake();
    proceed();
  }

  /// A context that believes everybody.
  static SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Credulous()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw PerfException.failed("no TLS", e);
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean owes() {
    return encoded.hasRemaining();
  }

  @Override
  public int read(ByteBuffer in) throws IOException {
    fill();
    proceed();
    int before = in.position();
    while (decoded.hasRemaining() || unwrap()) {
      int limit = decoded.limit();
      decoded.limit(Math.min(limit, decoded.position() + in.remaining()));
      in.put(decoded);
      decoded.limit(limit);
      if (decoded.hasRemaining()) {
        break;
      }
    }
    received = kept(received);
    decoded = kept(decoded);
    encoded = kept(encoded);
    int bytes = in.position() - before;
    return bytes == 0 && ended ? -1 : bytes;
  }

  @Override
  public void write(ByteBuffer out) throws IOException {
    drain();
    while (open && out.hasRemaining() && !encoded.hasRemaining()) {
      wrap(out);
    }
    encoded = kept(encoded);
  }

  private static ByteBuffer kept(ByteBuffer buffer) {
    return buffer.hasRemaining() ? buffer : NOTHING;
  }

  private static ByteBuffer held(ByteBuffer buffer, int bytes) {
    return buffer == NOTHING ? ByteBuffer.allocate(bytes).flip() : buffer;
  }

  private void fill() throws IOException {
    received = held(received, packetBytes).compact();
    ended |= channel.read(received) < 0;
    received.flip();
  }

  /// Goes on with the handshake as far as it can.
  private void proceed() throws IOException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> {
          for (Runnable task = engine.getDelegatedTask();
              task != null;
              task = engine.getDelegatedTask()) {
            task.run();
          }
        }
        case NEED_WRAP -> {
          if (!wrap(NOTHING)) {
            return;
          }
        }
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (decoded.hasRemaining() || !unwrap()) {
            return;
          }
        }
        case FINISHED, NOT_HANDSHAKING -> {
          return;
        }
      }
    }
  }

  /// Whether it got on.
  private boolean wrap(ByteBuffer out) throws IOException {
    encoded = held(encoded, 2 * packetBytes).compact();
    var result = engine.wrap(out, encoded);
    encoded.flip();
    note(result.getHandshakeStatus());
    drain();
    return result.getStatus() == Status.OK;
  }

  /// Whether it got on: it took a record, or what was in it.
  private boolean unwrap() throws IOException {
    decoded = held(decoded, contentBytes).compact();
    var result = engine.unwrap(received, decoded);
    decoded.flip();
    note(result.getHandshakeStatus());
    if (result.getStatus() == Status.CLOSED) {
      ended = true;
      return false;
    }
    return result.getStatus() == Status.OK && result.bytesConsumed() > 0;
  }

  private void note(HandshakeStatus status) {
    open |= status == HandshakeStatus.FINISHED;
  }

  private void drain() throws IOException {
    if (encoded.hasRemaining()) {
      channel.write(encoded);
    }
  }

  private static final class Credulous extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
