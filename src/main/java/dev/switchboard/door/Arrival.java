package dev.switchboard.door;

import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.metrics.Rejection;
import io.vertx.core.http.HttpConnection;

/// An accepted connection that is not a socket yet. Confined to its event loop.
///
/// It has until `client.handshake_timeout` to send a whole request, however slowly the bytes
/// trickle in: the time runs from the accept, not from the last byte. What is settled lets go of
/// the connection at once, although it stays in the queue of deadlines until its time is over.
public final class Arrival {
  private HttpConnection connection;
  private final Admission.Ticket ticket;
  private final GatewayMetrics metrics;

  /// @param ticket the place it takes among the unauthenticated
  public Arrival(HttpConnection connection, Admission.Ticket ticket, GatewayMetrics metrics) {
    this.connection = connection;
    this.ticket = ticket;
    this.metrics = metrics;
  }

  /// The place among the unauthenticated, which goes on to the handshake.
  public Admission.Ticket ticket() {
    return ticket;
  }

  /// The request came in time and is being served.
  public void settle() {
    connection = null;
  }

  /// The connection broke; when a socket was made of it, its handshake holds the place.
  public void onClosed() {
    if (connection != null) {
      connection = null;
      ticket.giveBack();
    }
  }

  /// The time is over.
  public void onLate() {
    if (connection != null) {
      HttpConnection late = connection;
      metrics.onRejected(Rejection.HANDSHAKE_TIMEOUT);
      onClosed();
      late.close();
    }
  }
}
