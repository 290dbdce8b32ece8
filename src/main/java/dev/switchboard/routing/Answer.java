package dev.switchboard.routing;

import dev.switchboard.presence.PresencePage;
import dev.switchboard.tenure.GaveUp;
import java.util.List;
import java.util.Map;

/// What one node answers to a [Question] of the kind that fits.
sealed interface Answer {
  /// To [Question.Tell]: one for each session that was there.
  record Deliveries(List<Delivery> deliveries) implements Answer {}

  /// To [Question.Presence].
  record Present(PresencePage page) implements Answer {}

  /// To [Question.PresenceStats] of all members.
  record Counted(int clients, int users) implements Answer {}

  /// To [Question.PresenceStats] of own members: sessions on the channel by user.
  record Users(Map<String, Integer> sessions) implements Answer {}

  /// To a [Question.OfPresence] of all members, by a node that does not know them.
  record NotKnown() implements Answer {}

  /// To [Question.Channels]: subscribers by channel.
  record Channels(Map<String, Integer> subscribers) implements Answer {}

  /// To [Question.Overview].
  record View(NodeView view) implements Answer {}

  /// To [Question.Release].
  record Released(GaveUp word) implements Answer {}
}
