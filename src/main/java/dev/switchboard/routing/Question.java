package dev.switchboard.routing;

import dev.switchboard.tenure.GiveUp;

/// What one node may be asked, by itself or by another; values, so they travel as they are.
sealed interface Question {
  /// Put to the event loops that have the sessions.
  sealed interface OfSessions extends Question {}

  /// Carry out an order for the recipient's sessions.
  record Tell(Recipient recipient, Order order) implements OfSessions {}

  /// Who subscribes to the channel?
  record Presence(String channel) implements OfSessions {}

  /// Which users subscribe to the channel, and how often?
  record PresenceStats(String channel) implements OfSessions {}

  /// Which channels have subscribers?
  ///
  /// @param pattern a glob over whole names; empty matches all
  record Channels(String pattern) implements OfSessions {}

  /// How is the node?
  record Overview() implements OfSessions {}

  /// Give up a shard of the streams.
  record Release(GiveUp question) implements Question {}
}
