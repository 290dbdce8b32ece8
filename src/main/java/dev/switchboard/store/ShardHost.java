package dev.switchboard.store;

import dev.switchboard.store.ShardTitles.Holders;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Shard;
import dev.switchboard.stream.ShardBatch;
import dev.switchboard.stream.ShardResult;
import dev.switchboard.stream.Slice;
import dev.switchboard.stream.StreamException;
import dev.switchboard.tenure.GaveUp;
import dev.switchboard.tenure.GiveUp;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Where the shards are, and the way to the one who owns each. Safe on any thread; nothing waits.
sealed interface ShardHost permits LocalShards, HazelcastShards {
  /// Has a shard's owner carry out a request.
  ///
  /// @param done called once, on any thread
  void ask(int shard, Request request, Consumer<Outcome> done);

  /// Gives a shard up for the node that owns it now, if this node knows of that.
  ///
  /// @return fails when it does not, or not yet
  Future<GaveUp> giveUp(GiveUp question);

  /// Whether this node is the owner of a shard now.
  boolean owns(int shard);

  /// Whom the partition table names for a shard owned here; none when there are other nodes, but
  /// none of them is there for the copy now.
  Optional<Holders> holders(int shard);

  /// Whether this node is the owner of a shard or has its copy.
  boolean holds(int shard);

  /// What an owner is asked: to carry out a batch, to read, or both.
  ///
  /// Together with a batch everything can be read, also what came last: its copy is part of it.
  ///
  /// @param acked mark of the sender's last batch that succeeded
  record Request(Optional<ShardBatch> batch, Shard.Mark acked, List<Reading> readings) {}

  /// One read.
  record Reading(String channel, Query query) {}

  /// What became of a request.
  sealed interface Outcome {
    /// It was carried out and, in a cluster, copied.
    ///
    /// @param result of the batch, if there was one
    /// @param views one for each reading
    record Answered(Optional<ShardResult> result, List<View> views) implements Outcome {}

    /// Nothing was changed by this try.
    record Refused(StreamException.Reason reason, String message) implements Outcome {}

    /// Nobody knows whether it was carried out.
    record Unknown(String message) implements Outcome {}
  }

  /// What became of one reading.
  sealed interface View {
    /// It is safe to tell.
    record Found(Slice slice) implements View {}

    /// Something in it is not known to be copied: ask again together with a batch.
    record Unsafe() implements View {}

    /// The answer was long enough without it: ask again.
    record Later() implements View {}
  }
}
