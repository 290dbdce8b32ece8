package dev.switchboard.store;

import dev.switchboard.tenure.GaveUp;
import dev.switchboard.tenure.GiveUp;
import io.vertx.core.Future;

/// The way to nodes that hold shards, beside Hazelcast's. Safe on any thread.
@FunctionalInterface
public interface HolderQuestions {
  /// Asks a node to give up a shard. Called on threads that must not wait.
  ///
  /// @param holder incarnation of the node
  /// @return fails when it does not answer, or not yet; then it is asked again later
  Future<GaveUp> ask(long holder, GiveUp question);
}
