package dev.switchboard.presence;

/// Hears who comes and goes on the channels that this node has subscribers of.
public interface PresenceListener {
  /// A member came, on whatever node.
  ///
  /// @param loops bit `n` for each event loop `n` of this node with a subscriber of the channel
  void onJoined(long loops, String channel, Member member);

  /// A member went, or its node did.
  ///
  /// @param loops as above
  void onLeft(long loops, String channel, Member member);
}
