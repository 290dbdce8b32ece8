package dev.switchboard.peer;

import java.util.List;

/// Room for one publication in the windows of every peer that is interested.
///
/// Made on any thread; a held one must be given to [Peers#publish] once, or its room is lost.
public sealed interface Reservation {
  /// No other node has a subscriber.
  record Nobody() implements Reservation {}

  /// A peer's window is full, or this node does not know its peers' interest at the moment.
  record Busy() implements Reservation {}

  /// Room with each peer.
  final class Held implements Reservation {
    private final List<Peer> peers;

    Held(List<Peer> peers) {
      this.peers = peers;
    }

    List<Peer> peers() {
      return peers;
    }
  }
}
