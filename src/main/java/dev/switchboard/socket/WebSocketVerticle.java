package dev.switchboard.socket;

import dev.switchboard.config.StartException;
import dev.switchboard.metrics.GatewayMetrics.Rejection;
import dev.switchboard.routing.Addresses;
import dev.switchboard.socket.UpgradePolicy.Verdict;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.InetAddress;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Accepts client connections on one event loop; one instance per core shares the port.
///
/// Owns everything its connections become. Other paths of the port go to `others`, if given.
public final class WebSocketVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(WebSocketVerticle.class);
  private static final int RETRY_AFTER_SECONDS = 5;
  private static final int ANSWER_SECONDS = 5;
  private static final long DRAIN_POLL_MILLIS = 20;

  private final Gateway gateway;
  private final int index;
  private final Optional<Handler<HttpServerRequest>> others;
  private final UpgradePolicy policy;
  private final ClientAddress addresses;
  private final Map<HttpConnection, Arrival> arrivals = new IdentityHashMap<>();
  private OwnerLoop owner;
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
    this.policy =
        new UpgradePolicy(new OriginRule(config.client().allowedOrigins(), config.tls().enabled()));
    this.addresses = new ClientAddress(config.http().trustedProxies());
  }

  /// The port in use; known once started.
  public int port() {
    return server.actualPort();
  }

  @Override
  public Future<?> start() {
    owner = new OwnerLoop(gateway, index, vertx, context);
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
            .connectionHandler(this::onConnection)
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

  private void onConnection(HttpConnection connection) {
    InetAddress peer = InetAddress.ofLiteral(connection.remoteAddress().hostAddress());
    connection.exceptionHandler(failure -> LOG.debug("connection failed", failure));
    switch (gateway.admission().admit(addresses.limited(peer))) {
      case Admission.Answer.Refused(Rejection reason) -> {
        gateway.metrics().onRejected(reason);
        connection.close();
      }
      case Admission.Answer.Admitted(var ticket) -> {
        var arrival = new Arrival(connection, ticket, gateway.metrics());
        arrivals.put(connection, arrival);
        owner.arrivals().add(arrival);
        connection.closeHandler(
            _ -> {
              arrivals.remove(connection);
              arrival.onClosed();
            });
      }
    }
  }

  private void onRequest(HttpServerRequest request) {
    var websocket = gateway.config().http().websocket();
    if (websocket.enabled() && websocket.path().equals(request.path())) {
      onUpgrade(request);
    } else if (others.isPresent()) {
      settle(request.connection()).ifPresent(arrival -> arrival.ticket().giveBack());
      others.get().handle(request);
    } else {
      answer(request, 404, "not found");
    }
  }

  private void onUpgrade(HttpServerRequest request) {
    var head =
        new UpgradePolicy.Head(
            request.method(), request.version(), request.query(), request.headers());
    switch (policy.judge(head)) {
      case Verdict.Refuse(int status, String reason, Rejection rejection) -> {
        gateway.metrics().onRejected(rejection);
        answer(request, status, reason);
      }
      case Verdict.Accept accept -> admit(request, accept);
    }
  }

  private void admit(HttpServerRequest request, Verdict.Accept accept) {
    // Without an arrival it is a second request, or one whose time was just over.
    if (!gateway.health().takesSockets() || !arrivals.containsKey(request.connection())) {
      answer(request, 503, "this node takes no new sockets now");
      return;
    }
    Optional<Rejection> full = gateway.admission().enter();
    if (full.isPresent()) {
      gateway.metrics().onRejected(full.get());
      answer(request, 503, "this node is full");
      return;
    }
    upgrade(request, accept, settle(request.connection()).orElseThrow());
  }

  private void upgrade(HttpServerRequest request, Verdict.Accept accept, Arrival arrival) {
    InetAddress peer = InetAddress.ofLiteral(request.remoteAddress().hostAddress());
    String address =
        addresses.of(peer, request.headers().getAll("x-forwarded-for")).getHostAddress();
    var response =
        request
            .response()
            .putHeader(HttpHeaders.UPGRADE, "websocket")
            .putHeader(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE)
            .putHeader("sec-websocket-accept", accept.acceptKey());
    if (!accept.subprotocol().isEmpty()) {
      response.putHeader("sec-websocket-protocol", accept.subprotocol());
    }
    owner
        .upgrade()
        .accept(
            request,
            accept.encoding(),
            socket -> {
              var handshake = new Handshake(owner, socket, arrival.ticket(), address);
              owner.handshakes().add(handshake);
              gateway.metrics().onOpened();
              return handshake;
            })
        .onFailure(
            failure -> {
              LOG.debug("upgrade failed", failure);
              arrival.ticket().giveBack();
              gateway.admission().leave();
            });
  }

  private Optional<Arrival> settle(HttpConnection connection) {
    var arrival = Optional.ofNullable(arrivals.remove(connection));
    arrival.ifPresent(Arrival::settle);
    return arrival;
  }

  /// Answers and closes: what follows a refused upgrade must not be taken for another request.
  private static void answer(HttpServerRequest request, int status, String reason) {
    var response = request.response().setStatusCode(status);
    response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    response.putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8");
    if (status == 503) {
      response.putHeader("retry-after", Integer.toString(RETRY_AFTER_SECONDS));
    } else if (status == 426) {
      response.putHeader(HttpHeaders.UPGRADE, "websocket");
      response.putHeader("sec-websocket-version", "13");
    } else if (status == 405) {
      response.putHeader(HttpHeaders.ALLOW, "GET");
    }
    // Before the answer: a request that came in the same segment is then dropped unread.
    request.connection().shutdown(ANSWER_SECONDS, TimeUnit.SECONDS);
    response.end(reason + "\n").onComplete(_ -> request.connection().close());
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
    return (left ? Future.<Void>succeededFuture() : closeAll()).eventually(server::close);
  }
}
