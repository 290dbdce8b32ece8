package dev.switchboard.door;

import dev.switchboard.config.GatewayConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives the client port a renewed certificate without dropping a socket. Confined to one context.
///
/// Reads the PEM files now and then: where secrets are mounted, file events are not to be relied
/// on. A pair is taken when two looks in a row find it the same, as between the writing of one file
/// and of the other the two do not belong together. One that does not load, or is no pair, leaves
/// the old one in force. Twice a day the key that seals TLS tickets is replaced in the same way.
public final class CertificateWatch {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
  // What a client may resume for; older tickets cost it a whole handshake.
  private static final Duration TICKET_KEY_AGE = Duration.ofHours(12);

  private final Vertx vertx;
  private final GatewayConfig config;
  private final HttpServer server;
  private PemKeyCertOptions current;
  private PemKeyCertOptions seen;
  private PemKeyCertOptions rejected;
  private String reported;
  private long renewedAt = System.nanoTime();

  /// @param current what the port was started with
  public CertificateWatch(
      Vertx vertx, GatewayConfig config, HttpServer server, PemKeyCertOptions current) {
    this.vertx = vertx;
    this.config = config;
    this.server = server;
    this.current = current;
    this.seen = current;
  }

  /// Looks at the files every `tls.reload_interval`.
  public void start() {
    vertx.setPeriodic(config.tls().reloadInterval().toMillis(), _ -> look());
  }

  private void look() {
    vertx
        .executeBlocking(() -> PemPair.read(config.tls()))
        .compose(this::renew)
        .onSuccess(_ -> reported = null)
        .onFailure(this::report);
  }

  /// Says once what is wrong, not at every look.
  private void report(Throwable failure) {
    if (!String.valueOf(failure).equals(reported)) {
      reported = String.valueOf(failure);
      LOG.error("the TLS certificate was not reloaded", failure);
    }
  }

  private Future<?> renew(PemKeyCertOptions found) {
    boolean settled = found.equals(seen);
    seen = found;
    if (found.equals(current) && System.nanoTime() - renewedAt > TICKET_KEY_AGE.toNanos()) {
      return take(current).onSuccess(_ -> LOG.info("TLS tickets have a new key"));
    }
    if (!settled || found.equals(current) || found.equals(rejected)) {
      return Future.succeededFuture();
    }
    // Remembered until it loads, so that a broken pair is reported once and not at every look.
    rejected = found;
    return take(found)
        .onSuccess(
            _ -> {
              current = found;
              rejected = null;
              LOG.info("the TLS certificate was reloaded");
            });
  }

  private Future<Boolean> take(PemKeyCertOptions certificate) {
    return vertx
        .executeBlocking(
            () -> {
              PemPair.check(vertx, certificate);
              return ClientServer.renewed(config, certificate);
            })
        .compose(options -> server.updateSSLOptions(options, true))
        .onSuccess(_ -> renewedAt = System.nanoTime());
  }
}
