package dev.switchboard.store;

import dev.switchboard.stream.Appended;
import dev.switchboard.stream.Draft;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Retention;
import dev.switchboard.stream.Slice;
import io.vertx.core.Future;

/// The one door to the streams of all channels. Safe on any thread; nothing waits.
///
/// Futures complete on the caller's context and fail with [dev.switchboard.stream.StreamException]
/// and nothing else.
public interface Streams {
  /// Appends to a channel's stream. Drafts that one thread gives for one channel keep their order.
  ///
  /// @return once its owner and, in a cluster, another node hold it
  Future<Appended> append(String channel, Draft draft, Retention retention);

  /// Reads of a channel's stream what is safe on its owner and, in a cluster, on another node.
  ///
  /// A channel never published to has an epoch too, and offset 0.
  Future<Slice> read(String channel, Query query);

  /// Forgets all publications of a channel; its epoch and offset stay.
  Future<Void> remove(String channel);
}
