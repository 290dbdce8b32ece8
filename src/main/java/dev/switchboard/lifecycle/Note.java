package dev.switchboard.lifecycle;

import dev.switchboard.protocol.ClientId;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What a node says about one of its own sessions or channels, to the shard that keeps its events.
///
/// Said again, a note changes nothing: whether it becomes an event is up to the [Roll].
public sealed interface Note {
  /// A session begins.
  ///
  /// @param user empty when anonymous: then nobody's connections are counted
  /// @param at when, in milliseconds of the Unix epoch
  record Connected(ClientId client, String user, long at, Cap cap) implements Note {
    /// The same, not to be refused.
    public Connected leniently() {
      return new Connected(client, user, at, new Cap(cap.max(), false));
    }
  }

  /// A session has ended. Without the session being on the roll, nothing.
  ///
  /// @param code the close code
  record Disconnected(ClientId client, int code, String reason, long at) implements Note {}

  /// A session of the roll went on a channel.
  record Subscribed(ClientId client, String channel, long at) implements Note {}

  /// It went off again.
  record Unsubscribed(ClientId client, String channel, long at) implements Note {}

  /// A node has a first subscriber of a channel.
  ///
  /// @param node its incarnation
  record Occupied(String channel, long node, long at) implements Note {}

  /// It has none any more.
  record Vacated(String channel, long node, long at) implements Note {}

  /// Who is alive: what other nodes had open has ended with them. Also takes those off who have not
  /// been seen for long.
  ///
  /// @param at when that was so, in milliseconds of the Unix epoch
  /// @param nodes incarnations of all members of the cluster
  /// @param seenMax users without connection to remember at most
  /// @param seenSince forgets those who were last seen before
  /// @param cap connections of one user at most, or [Cap#NONE]
  record Alive(long at, Set<Long> nodes, int seenMax, long seenSince, Cap cap) implements Note {
    /// Copies the nodes, in an order.
    public Alive {
      nodes = Collections.unmodifiableSet(new TreeSet<>(nodes));
    }

    /// The same, with more nodes.
    public Alive and(Set<Long> more) {
      Set<Long> all = new TreeSet<>(nodes);
      all.addAll(more);
      return new Alive(at, all, seenMax, seenSince, cap);
    }
  }

  /// Somebody who is told all events has those up to an offset.
  ///
  /// @param reader a name
  /// @param epoch of the stream of events that the offset is in
  /// @param offset 0 to ask only
  record Read(String reader, String epoch, long offset) implements Note {}

  /// Asks whether users are there; changes nothing.
  record Look(List<String> users) implements Note {
    /// Copies the users.
    public Look {
      users = List.copyOf(users);
    }
  }

  /// How many connections a user may have.
  ///
  /// @param max 0 for any number
  /// @param refuse whether one too many is refused; else it comes in and the oldest have to go
  record Cap(int max, boolean refuse) {
    /// Any number.
    public static final Cap NONE = new Cap(0, false);
  }
}
