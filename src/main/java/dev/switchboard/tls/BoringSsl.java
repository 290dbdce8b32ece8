package dev.switchboard.tls;

import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.security.SecureRandom;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;

/// Has BoringSSL encrypt, and lets clients resume their sessions at this node (RFC 8446, 2.2; RFC
/// 5077). Immutable, safe on any thread.
///
/// The node remembers no session: a client keeps its own in a ticket, sealed with a key that only
/// this process knows. Whoever learns that key can read what clients of TLS 1.2 resumed by it, so
/// it should not live long. Who comes with a ticket of another key shakes hands in full.
public final class BoringSsl extends OpenSSLEngineOptions {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final OpenSslSessionTicketKey key;

  /// With a key of its own.
  public BoringSsl() {
    this(
        new OpenSslSessionTicketKey(
            random(OpenSslSessionTicketKey.NAME_SIZE),
            random(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
            random(OpenSslSessionTicketKey.AES_KEY_SIZE)));
  }

  private BoringSsl(OpenSslSessionTicketKey key) {
    this.key = key;
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  @Override
  public BoringSsl copy() {
    return new BoringSsl(key);
  }

  // By its key: Vert.x reuses what it made of options that are equal.
  @Override
  public boolean equals(Object other) {
    return other instanceof BoringSsl that && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new Factory(key);
  }

  private static final class Factory extends DefaultSslContextFactory {
    private final OpenSslSessionTicketKey key;

    Factory(OpenSslSessionTicketKey key) {
      super(SslProvider.OPENSSL, false);
      this.key = key;
    }

    // Otherwise each handshake makes BoringSSL's own form of certificate and key anew.
    @Override
    public SslContextFactory keyMananagerFactory(KeyManagerFactory factory) {
      return super.keyMananagerFactory(new OpenSslCachingX509KeyManagerFactory(factory));
    }

    @Override
    public SslContext create() throws SSLException {
      SslContext context = super.create();
      if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
        sessions.setTicketKeys(key);
      }
      return context;
    }
  }
}
