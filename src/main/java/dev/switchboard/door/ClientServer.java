package dev.switchboard.door;

import dev.switchboard.config.GatewayConfig;
import dev.switchboard.tls.BoringSsl;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.util.concurrent.TimeUnit;

/// The options of the client port; every limit passed to Vert.x is stated here.
public final class ClientServer {
  // A connect command, with its token, may be a part of it.
  private static final int REQUEST_LINE_BYTES_MAX = 16_384;
  private static final int HEADER_BYTES_MAX = 8_192;

  private ClientServer() {}

  /// What the port is opened with.
  ///
  /// @param certificate certificate and key, or null for a plain port
  public static HttpServerOptions options(GatewayConfig config, PemKeyCertOptions certificate) {
    var options =
        new HttpServerOptions()
            .setHost(config.http().host())
            .setAcceptBacklog(config.http().acceptBacklog())
            .setUseProxyProtocol(config.http().proxyProtocol())
            .setProxyProtocolTimeout(config.client().handshakeTimeout().toMillis())
            .setProxyProtocolTimeoutUnit(TimeUnit.MILLISECONDS)
            .setMaxInitialLineLength(REQUEST_LINE_BYTES_MAX)
            .setMaxHeaderSize(HEADER_BYTES_MAX)
            .setHttp2ClearTextEnabled(false)
            .setUseAlpn(false)
            .setCompressionSupported(false)
            .setDecompressionSupported(false)
            // Vert.x would read what extensions are offered, and drop who offers nonsense.
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setTcpNoDelay(true);
    if (certificate != null) {
      long timeout = config.tls().handshakeTimeout().toMillis();
      options
          .setSsl(true)
          .setKeyCertOptions(certificate)
          .setSslEngineOptions(engine(config.tls().engine()))
          .setSslHandshakeTimeout(timeout)
          .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    }
    return options;
  }

  /// What a running port is given when the certificate changed, or the key of tickets is old.
  static ServerSSLOptions renewed(GatewayConfig config, PemKeyCertOptions certificate) {
    var options = options(config, certificate).getSslOptions();
    options.setKeyCertOptions(certificate);
    return options;
  }

  private static SSLEngineOptions engine(GatewayConfig.TlsEngine engine) {
    return switch (engine) {
      case AUTO -> OpenSSLEngineOptions.isAvailable() ? new BoringSsl() : new JdkSSLEngineOptions();
      case JDK -> new JdkSSLEngineOptions();
      case BORINGSSL -> new BoringSsl();
    };
  }
}
