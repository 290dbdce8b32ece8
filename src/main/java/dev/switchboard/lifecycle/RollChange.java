package dev.switchboard.lifecycle;

import dev.switchboard.protocol.ClientId;

/// What happened to a [Roll], on its owner and on its copy the same.
public sealed interface RollChange {
  /// One that back ends are told of.
  sealed interface Event extends RollChange {
    /// When, in milliseconds of the Unix epoch.
    long at();
  }

  /// A session began.
  record Connected(ClientId client, String user, long at) implements Event {}

  /// A session ended: the one final event of it.
  ///
  /// @param since when it began
  record Disconnected(ClientId client, String user, int code, String reason, long since, long at)
      implements Event {}

  /// A session went on a channel.
  record Subscribed(ClientId client, String user, String channel, long at) implements Event {}

  /// A session went off a channel.
  record Unsubscribed(ClientId client, String user, String channel, long at) implements Event {}

  /// The channel has its first subscriber, on a node.
  record Occupied(String channel, long node, long at) implements Event {}

  /// The channel has lost its last subscriber, on a node.
  record Vacated(String channel, long node, long at) implements Event {}

  /// One more node has subscribers of an occupied channel.
  record Entered(String channel, long node) implements RollChange {}

  /// One node less, but not the last.
  record Left(String channel, long node) implements RollChange {}

  /// All that a node had open has ended with it: nothing of it begins any more.
  record Buried(long node) implements RollChange {}

  /// Those without connections who were not seen for longest are forgotten.
  record Forgotten(int users) implements RollChange {}

  /// A reader has all events up to an offset.
  record Read(String reader, long offset) implements RollChange {}
}
