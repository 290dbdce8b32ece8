package dev.switchboard.socket;

import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.metrics.GatewayMetrics.Rejection;
import io.vertx.core.http.HttpConnection;

/// An accepted connection that is not a socket yet. Confined to its event loop.
///
/// It has until `client.handshake_timeout` to send a whole request, however slowly the bytes
/// trickle in: the time runs from the accept, not from the last byte.
final class Arrival {
  private final HttpConnection connection;
  private final Admission.Ticket ticket;
  private final GatewayMetrics metrics;
  private boolean settled;

  Arrival(HttpConnection connection, Admission.Ticket ticket, GatewayMetrics metrics) {
    this.connection = connection;
    this.ticket = ticket;
    this.metrics = metrics;
  }

  /// The place among the unauthenticated, which goes on to the handshake.
  Admission.Ticket ticket() {
    return ticket;
  }

  /// The request came in time and is being served.
  void settle() {
    settled = true;
  }

  /// The connection broke; when a socket was made of it, its handshake holds the place.
  void onClosed() {
    if (!settled) {
      settled = true;
      ticket.giveBack();
    }
  }

  /// The time is over.
  void onLate() {
    if (!settled) {
      metrics.onRejected(Rejection.HANDSHAKE_TIMEOUT);
      onClosed();
      connection.close();
    }
  }
}
