package dev.switchboard.wire;

/// Hears what happens on one socket; always called on the socket's event loop.
public interface SocketListener {
  /// A whole message arrived, checked for size, fragments and UTF-8.
  ///
  /// @param message owned by the listener from here on
  void onMessage(byte[] message);

  /// The socket takes no more messages; called exactly once, when closing begins.
  ///
  /// @param code the close code sent or received, 1006 when the connection just broke
  /// @param byPeer whether the other side began
  void onClosed(int code, boolean byPeer);
}
