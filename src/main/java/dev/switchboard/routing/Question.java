package dev.switchboard.routing;

/// What one node may be asked, by itself or by another; values, so they travel as they are.
sealed interface Question {
  /// Carry out an order for the recipient's sessions.
  record Tell(Recipient recipient, Order order) implements Question {}

  /// Who subscribes to the channel?
  record Presence(String channel) implements Question {}

  /// Which users subscribe to the channel, and how often?
  record PresenceStats(String channel) implements Question {}

  /// Which channels have subscribers?
  ///
  /// @param pattern a glob over whole names; empty matches all
  record Channels(String pattern) implements Question {}

  /// How is the node?
  record Overview() implements Question {}
}
