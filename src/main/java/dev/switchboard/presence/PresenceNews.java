package dev.switchboard.presence;

import dev.switchboard.protocol.ClientId;
import java.util.List;
import java.util.Optional;

/// What a node tells another one of its own members of a channel.
public sealed interface PresenceNews {
  /// The channel it is about.
  String channel();

  /// All members in a stretch of ids; whoever else was in that stretch is there no more.
  ///
  /// @param after where the stretch begins, itself left out; empty for the beginning
  /// @param members in the order of their ids; the stretch ends with the last one of them
  /// @param last whether it goes on to the end instead, so that everything is told now
  record Part(String channel, Optional<ClientId> after, List<Member> members, boolean last)
      implements PresenceNews {
    /// Copies the members.
    public Part {
      members = List.copyOf(members);
    }
  }

  /// A member came, or there is something new of it.
  record Joined(String channel, Member member) implements PresenceNews {}

  /// A member went.
  record Left(String channel, ClientId id) implements PresenceNews {}
}
