package dev.switchboard.socket;

import dev.switchboard.door.Admission;
import dev.switchboard.door.Arrival;
import dev.switchboard.door.ClientAddress;
import dev.switchboard.metrics.Rejection;
import dev.switchboard.wire.AcceptPace;
import dev.switchboard.wire.Socket;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Those at the client port who are no sockets yet, and the answers of who must not come in.
///
/// Confined to one event loop.
final class Doorway {
  private static final Logger LOG = LoggerFactory.getLogger(Doorway.class);
  private static final int RETRY_AFTER_SECONDS = 5;
  private static final int ANSWER_SECONDS = 5;

  /// What whoever is sent elsewhere is told.
  private static final Map<Rejection, String> REASONS =
      Map.of(
          Rejection.NOT_SERVING, "this node takes no new sockets now",
          Rejection.LOOP_LAG, "this node is overloaded",
          Rejection.MEMORY, "this node is short of memory",
          Rejection.DESCRIPTORS, "this node is short of descriptors",
          Rejection.NODE_FULL, "this node is full",
          Rejection.ACCEPT_RATE, "too many connect at once");

  private final Gateway gateway;
  private final OwnerLoop owner;
  private final ClientAddress addresses;
  private final Map<HttpConnection, Arrival> arrivals = new IdentityHashMap<>();

  Doorway(Gateway gateway, OwnerLoop owner) {
    this.gateway = gateway;
    this.owner = owner;
    this.addresses = new ClientAddress(gateway.config().http().trustedProxies());
  }

  /// Somebody connected: a request must come soon.
  void onConnection(HttpConnection connection) {
    AcceptPace.keep(connection);
    connection.exceptionHandler(failure -> LOG.debug("connection failed", failure));
    connection.closeHandler(_ -> forget(connection));
    await(connection);
  }

  /// A request was answered, and another one may come on its connection: soon, as the first one.
  void await(HttpConnection connection) {
    switch (gateway.admission().admit(addresses.limited(peer(connection)))) {
      case Admission.Answer.Refused(Rejection reason) -> {
        gateway.metrics().onRejected(reason);
        connection.close();
      }
      case Admission.Answer.Admitted(var ticket) -> {
        var arrival = new Arrival(connection, ticket, gateway.metrics());
        arrivals.put(connection, arrival);
        owner.arrivals().add(arrival);
      }
    }
  }

  private void forget(HttpConnection connection) {
    Arrival arrival = arrivals.remove(connection);
    if (arrival != null) {
      arrival.onClosed();
    }
  }

  /// A request is being served; empty when its connection is not waited for.
  Optional<Arrival> settle(HttpConnection connection) {
    var arrival = Optional.ofNullable(arrivals.remove(connection));
    arrival.ifPresent(Arrival::settle);
    return arrival;
  }

  /// Takes a place as a socket for whoever asks for one, or refuses with 503.
  Optional<Arrival> enter(HttpServerRequest request) {
    // Without an arrival it is a second request, or one whose time was just over.
    if (!arrivals.containsKey(request.connection())) {
      refuse(request, 503, "this connection takes no request now");
      return Optional.empty();
    }
    Optional<Rejection> reason = rejection();
    reason.ifPresent(found -> refuse(request, 503, REASONS.get(found), found));
    return reason.isPresent() ? Optional.empty() : settle(request.connection());
  }

  /// Why nobody may come in now; a place is taken when there is no reason.
  private Optional<Rejection> rejection() {
    if (!gateway.health().takesSockets()) {
      return Optional.of(Rejection.NOT_SERVING);
    }
    return owner.lag().isTooLong() ? Optional.of(Rejection.LOOP_LAG) : gateway.admission().enter();
  }

  /// The first frames of a socket that opened for whom [#enter] let in.
  Handshake greet(HttpServerRequest request, Arrival arrival, Socket socket) {
    var handshake =
        new Handshake(
            owner,
            socket,
            arrival.ticket(),
            addressOf(request),
            owner.headers().of(request.headers()));
    owner.handshakes().add(handshake);
    gateway.metrics().onOpened();
    return handshake;
  }

  /// Gives back what [#enter] took, as no socket came of it.
  void leave(Arrival arrival) {
    arrival.ticket().giveBack();
    gateway.admission().leave();
  }

  /// Who sent a request, as far as trusted proxies vouch for it.
  private String addressOf(HttpServerRequest request) {
    InetAddress peer = peer(request.connection());
    return addresses.of(peer, request.headers().getAll("x-forwarded-for")).getHostAddress();
  }

  /// Who connected: what the PROXY protocol said, if a trusted proxy said it.
  private InetAddress peer(HttpConnection connection) {
    InetAddress real = InetAddress.ofLiteral(connection.remoteAddress(true).hostAddress());
    return addresses.isTrusted(real)
        ? InetAddress.ofLiteral(connection.remoteAddress().hostAddress())
        : real;
  }

  /// Refuses and counts why.
  void refuse(HttpServerRequest request, int status, String reason, Rejection rejection) {
    gateway.metrics().onRejected(rejection);
    refuse(request, status, reason);
  }

  /// Answers and closes: what follows a refused upgrade must not be taken for another request.
  void refuse(HttpServerRequest request, int status, String reason) {
    var response = request.response().setStatusCode(status);
    response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    response.putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8");
    if (status == 503) {
      response.putHeader("retry-after", Integer.toString(RETRY_AFTER_SECONDS));
    } else if (status == 426) {
      response.putHeader(HttpHeaders.UPGRADE, "websocket");
      response.putHeader("sec-websocket-version", "13");
    }
    // Before the answer: a request that came in the same segment is then dropped unread.
    request.connection().shutdown(ANSWER_SECONDS, TimeUnit.SECONDS);
    response.end(reason + "\n").onComplete(_ -> request.connection().close());
  }

  /// Refuses a method.
  ///
  /// @param allowed the methods that are not refused
  void refuseMethod(HttpServerRequest request, String allowed, String reason) {
    request.response().putHeader(HttpHeaders.ALLOW, allowed);
    refuse(request, 405, reason);
  }
}
