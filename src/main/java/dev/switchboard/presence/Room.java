package dev.switchboard.presence;

import java.util.ArrayList;
import java.util.List;

/// A channel that event loops of this node have subscribers of. Confined to the peer loop.
final class Room {
  private final String channel;
  private final long hash;
  private final Attendance attendance = new Attendance();
  // Few of either: nodes that have subscribers of the channel too.
  private final List<PresencePeer> told = new ArrayList<>(0);
  private final List<PresencePeer> heard = new ArrayList<>(0);
  private final boolean announced;
  private long loops;

  /// @param hash by which nodes name the channel to each other
  /// @param announced whether anybody may want to hear who comes and goes
  Room(String channel, long hash, boolean announced) {
    this.channel = channel;
    this.hash = hash;
    this.announced = announced;
  }

  String channel() {
    return channel;
  }

  long hash() {
    return hash;
  }

  Attendance attendance() {
    return attendance;
  }

  /// Whether anybody may want to hear who comes and goes.
  boolean isAnnounced() {
    return announced;
  }

  /// The event loops with a subscriber: bit `n` for loop `n`.
  long loops() {
    return loops;
  }

  void enter(int loop) {
    loops |= 1L << loop;
  }

  void leave(int loop) {
    loops &= ~(1L << loop);
  }

  /// The other nodes that are told of this one's members, or about to be.
  List<PresencePeer> told() {
    return told;
  }

  /// The other nodes that have told all their members, and tell every change.
  List<PresencePeer> heard() {
    return heard;
  }
}
