package dev.switchboard.socket;

import dev.switchboard.config.StartException;
import dev.switchboard.door.Arrival;
import dev.switchboard.door.CertificateWatch;
import dev.switchboard.door.ClientServer;
import dev.switchboard.door.OriginRule;
import dev.switchboard.door.PemPair;
import dev.switchboard.door.UpgradePolicy;
import dev.switchboard.door.UpgradePolicy.Verdict;
import dev.switchboard.metrics.Rejection;
import dev.switchboard.routing.Addresses;
import dev.switchboard.wire.Framing;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Accepts client connections on one event loop; one instance per core shares the port.
///
/// Owns everything its connections become. Other paths of the port go to `others`, if given.
public final class WebSocketVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketVerticle.class);
  private static final long DRAIN_POLL_MILLIS = 20;

  private final Gateway gateway;
  private final int index;
  private final Optional<Handler<HttpServerRequest>> others;
  private final UpgradePolicy policy;
  private final OriginRule origins;
  private OwnerLoop owner;
  private Doorway doorway;
  private HttpTransports transports;
  private HttpServer server;
  private boolean left;

  /// @param index of this instance, from 0
  /// @param others serves the paths that are no client transport; empty answers 404
  public WebSocketVerticle(
      Gateway gateway, int index, Optional<Handler<HttpServerRequest>> others) {
    var config = gateway.config();
    this.gateway = gateway;
    this.index = index;
    this.others = others;
    this.origins = new OriginRule(config.client().allowedOrigins(), config.tls().enabled());
    this.policy = new UpgradePolicy(origins, config.http().permessageDeflate().enabled());
  }

  /// The port in use; known once started.
  public int port() {
    return server.actualPort();
  }

  @Override
  public Future<?> start() {
    owner = new OwnerLoop(gateway, index, vertx, context);
    doorway = new Doorway(gateway, owner);
    transports = new HttpTransports(gateway, owner, doorway, origins);
    gateway.router().add(owner.inbox());
    vertx
        .eventBus()
        .<Long>localConsumer(
            Addresses.heartbeat(index),
            beat -> {
              owner.onTick(beat.body());
              beat.reply(beat.body());
            });
    var tls = gateway.config().tls();
    if (!tls.enabled()) {
      return listen(null);
    }
    return vertx
        .executeBlocking(
            () -> {
              PemKeyCertOptions pair = PemPair.read(tls);
              try {
                PemPair.check(vertx, pair);
              } catch (Exception unusable) {
                throw unusableCertificate(unusable);
              }
              return pair;
            })
        .compose(certificate -> listen(certificate).onSuccess(_ -> watch(certificate)));
  }

  private Future<HttpServer> listen(PemKeyCertOptions certificate) {
    // A negative port is Vert.x's way to share one free port among instances.
    int port = gateway.config().http().port() == 0 ? -1 : gateway.config().http().port();
    server =
        vertx
            .createHttpServer(ClientServer.options(gateway.config(), certificate))
            .connectionHandler(doorway::onConnection)
            .exceptionHandler(failure -> LOG.debug("connection failed", failure))
            .requestHandler(this::onRequest);
    String host = gateway.config().http().host();
    return server
        .listen(port, host)
        .recover(
            failure ->
                Future.failedFuture(
                    certificate != null && !StartException.isRefusal(failure)
                        ? unusableCertificate(failure)
                        : StartException.ofListen("http", host, port, failure)));
  }

  private static StartException unusableCertificate(Throwable failure) {
    return StartException.of(
        "tls.certificate_file",
        "or tls.key_file cannot be used: " + StartException.reason(failure),
        failure);
  }

  private void watch(PemKeyCertOptions certificate) {
    // The instances share one port and so one certificate.
    if (index == 0) {
      new CertificateWatch(vertx, gateway.config(), server, certificate).start();
    }
  }

  private void onRequest(HttpServerRequest request) {
    var http = gateway.config().http();
    if (http.websocket().serves(request.path())) {
      onUpgrade(request, false);
    } else if (http.uniWebsocket().serves(request.path())) {
      onUpgrade(request, true);
    } else if (transports.serve(request)) {
      return;
    } else if (others.isPresent()) {
      doorway.settle(request.connection()).ifPresent(arrival -> arrival.ticket().giveBack());
      others.get().handle(request);
    } else {
      doorway.refuse(request, 404, "not found");
    }
  }

  private void onUpgrade(HttpServerRequest request, boolean unidirectional) {
    var head =
        new UpgradePolicy.Head(
            request.method(), request.version(), request.query(), request.headers());
    switch (policy.judge(head)) {
      case Verdict.Refuse(int status, String reason, Rejection rejection) -> {
        if (status == 405) {
          request.response().putHeader(HttpHeaders.ALLOW, "GET");
        }
        doorway.refuse(request, status, reason, rejection);
      }
      case Verdict.Accept accept -> {
        Framing framing =
            unidirectional ? Framing.UNI_WEBSOCKET : Framing.webSocket(accept.encoding());
        doorway.enter(request).ifPresent(arrival -> upgrade(request, accept, framing, arrival));
      }
    }
  }

  private void upgrade(
      HttpServerRequest request, Verdict.Accept accept, Framing framing, Arrival arrival) {
    var response =
        request
            .response()
            .putHeader(HttpHeaders.UPGRADE, "websocket")
            .putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE)
            .putHeader("sec-websocket-accept", accept.acceptKey());
    if (!accept.subprotocol().isEmpty()) {
      response.putHeader("sec-websocket-protocol", accept.subprotocol());
    }
    accept.extension().ifPresent(value -> response.putHeader("sec-websocket-extensions", value));
    boolean deflates = accept.extension().isPresent();
    owner
        .upgrade()
        .accept(request, framing, deflates, socket -> doorway.greet(request, arrival, socket))
        .onSuccess(
            socket -> {
              String connect = request.getParam("cf_connect");
              if (framing.isUnidirectional() && connect != null) {
                socket.receive(connect.getBytes(StandardCharsets.UTF_8));
              }
            })
        .onFailure(
            failure -> {
              LOG.debug("upgrade failed", failure);
              doorway.leave(arrival);
            });
  }

  /// Closes the sessions with 3001, spread over `node.drain_period`; safe on any thread.
  ///
  /// Everything else goes on meanwhile: sessions that are still here get their messages. Sockets
  /// must be refused by [dev.switchboard.cluster.NodeHealth] before this is called.
  ///
  /// @return completes when no socket is left, or the period and `client.close_grace` are over
  public Future<Void> drain() {
    Promise<Void> done = Promise.promise();
    context.runOnContext(_ -> Future.succeededFuture().compose(_ -> leave()).onComplete(done));
    return done.future();
  }

  /// Closes some of the sessions with 3011, spread over a period; safe on any thread.
  ///
  /// @param count at most; fewer when too many have just come
  public void shed(int count, Duration period) {
    int ageMin = (int) gateway.config().rebalance().settle().toSeconds();
    context.runOnContext(_ -> owner.departures().shed(count, period, ageMin));
  }

  private Future<Void> leave() {
    if (owner == null || left) {
      return Future.succeededFuture();
    }
    Duration period = gateway.config().node().drainPeriod();
    owner.beginToLeave(period);
    long end = System.nanoTime() + period.toNanos();
    return poll(() -> owner.sessions().size() == 0 || System.nanoTime() - end >= 0)
        .compose(_ -> closeAll());
  }

  /// Closes all who are left; completes when the closing handshakes are over or their grace is.
  private Future<Void> closeAll() {
    owner.leave();
    long end = System.nanoTime() + gateway.config().client().closeGrace().toNanos();
    return poll(() -> owner.openSockets() == 0 || System.nanoTime() - end > 0)
        .onSuccess(_ -> left = true);
  }

  private Future<Void> poll(BooleanSupplier over) {
    if (over.getAsBoolean()) {
      return Future.succeededFuture();
    }
    Promise<Void> done = Promise.promise();
    vertx.setPeriodic(
        DRAIN_POLL_MILLIS,
        timer -> {
          if (over.getAsBoolean()) {
            vertx.cancelTimer(timer);
            done.complete();
          }
        });
    return done.future();
  }

  @Override
  public Future<?> stop() {
    gateway.router().remove(owner.inbox());
    return (left ? Future.<Void>succeededFuture() : closeAll())
        .eventually(server::close)
        .onComplete(_ -> owner.close());
  }
}
