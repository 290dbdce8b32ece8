package dev.switchboard.routing;

import dev.switchboard.protocol.ClientId;
import dev.switchboard.tenure.GiveUp;
import java.util.Optional;

/// What one node may be asked, by itself or by another; values, so they travel as they are.
sealed interface Question {
  /// Put to the event loops that have the sessions.
  sealed interface OfSessions extends Question {}

  /// Carry out an order for the recipient's sessions.
  record Tell(Recipient recipient, Order order) implements OfSessions {}

  /// Which channels have subscribers?
  ///
  /// @param pattern a glob over whole names; empty matches all
  record Channels(String pattern) implements OfSessions {}

  /// How is the node?
  record Overview() implements OfSessions {}

  /// Put to the node's presence.
  ///
  /// Asked for all members, a node answers that it does not know while other nodes still have to
  /// tell theirs, or when it has no subscribers; of its own it always knows.
  sealed interface OfPresence extends Question {
    /// The channel it is about.
    String channel();

    /// Whether only the members of the node that is asked are meant.
    boolean own();
  }

  /// Who is on the channel?
  ///
  /// @param after in the order of ids; empty for the first page
  /// @param limit of the page
  record Presence(String channel, boolean own, Optional<ClientId> after, int limit)
      implements OfPresence {}

  /// How many are on the channel?
  record PresenceStats(String channel, boolean own) implements OfPresence {}

  /// Give up a shard of the streams.
  record Release(GiveUp question) implements Question {}
}
