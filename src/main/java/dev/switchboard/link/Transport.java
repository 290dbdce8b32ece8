package dev.switchboard.link;

import java.util.function.Consumer;

/// Takes messages to other nodes, by best effort: the event bus.
///
/// Used on the peer loop.
@FunctionalInterface
public interface Transport {
  /// Hands a message over.
  ///
  /// @param peer incarnation of the node it is for
  /// @param message never changed by either side afterwards
  /// @param written to be called once, on the peer loop, at once or later: true when the bus no
  ///   longer holds the bytes, false when it could not write them. Until then the link counts them;
  ///   it does not try again
  void send(long peer, byte[] message, Consumer<Boolean> written);
}
