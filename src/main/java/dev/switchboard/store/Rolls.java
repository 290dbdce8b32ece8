package dev.switchboard.store;

import dev.switchboard.lifecycle.Note;
import dev.switchboard.lifecycle.Noted;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Retention;
import io.vertx.core.Future;

/// The one door to the rolls that events come from. Safe on any thread; nothing waits.
///
/// The events themselves are streams like others: read `$events.<number>` by [Streams].
public interface Rolls {
  /// Puts a note to a roll, and appends the events that come of it. A note may be put again.
  ///
  /// Notes that one thread puts to one roll keep their order as long as none fails.
  ///
  /// @param stream number of the stream of events, below `EventStream.COUNT`
  /// @param retention of the stream
  /// @return once the shard's owner and, in a cluster, another node hold it; completes on the
  ///   caller's context and fails with [dev.switchboard.stream.StreamException] and nothing else
  Future<Taken> note(int stream, Note note, Retention retention);

  /// Whether this node owns the shard of a stream now, as far as it knows.
  boolean owns(int stream);

  /// A note was taken.
  ///
  /// @param top of the stream of events, with those of the note
  record Taken(Position top, Noted answer) {}
}
