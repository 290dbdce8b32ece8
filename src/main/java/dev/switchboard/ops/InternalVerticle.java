package dev.switchboard.ops;

import dev.switchboard.config.StartException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The internal port: what is mounted here is for operators and services, never for clients.
public final class InternalVerticle extends VerticleBase {
  private static final int IDLE_SECONDS = 60;

  private final String host;
  private final int port;
  private final List<Consumer<Router>> mounts;
  private HttpServer server;

  /// @param port 0 for a free one
  /// @param mounts each adds its routes
  public InternalVerticle(String host, int port, List<Consumer<Router>> mounts) {
    this.host = host;
    this.port = port;
    this.mounts = mounts;
  }

  /// The port in use; known once started.
  public int port() {
    return server.actualPort();
  }

  @Override
  public Future<?> start() {
    var options =
        new HttpServerOptions()
            .setHost(host)
            .setPort(port)
            .setHttp2ClearTextEnabled(false)
            .setCompressionSupported(true)
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    server = vertx.createHttpServer(options).requestHandler(InternalRoutes.router(vertx, mounts));
    return server
        .listen()
        .recover(
            failure ->
                Future.failedFuture(StartException.ofListen("internal", host, port, failure)));
  }
}
