package dev.switchboard.session;

import dev.switchboard.channel.Subscription;

/// Hears what a session's client says, and its end; called on the session's event loop.
public interface SessionListener {
  /// A whole message arrived.
  void onMessage(Session session, byte[] message);

  /// A session's time is over, and its client had time to refresh it if that is the client's.
  void onExpired(Session session);

  /// A subscription's time is over, likewise.
  void onExpired(Session session, Subscription<Session> subscription);

  /// The session is over; it is still in the table and holds its subscriptions.
  ///
  /// @param code the close code sent or received
  /// @param byPeer whether the client began
  void onClosed(Session session, int code, boolean byPeer);
}
