package dev.switchboard.stream;

import java.util.List;

/// What one sender asks of a shard in one go.
///
/// A sender has one batch in flight for a shard. An empty batch changes nothing, but its delta
/// makes everything safe that came before.
///
/// @param sender incarnation of the node that sends it
/// @param number counts the sender's batches for this shard, from 1; a batch that is tried again
///   keeps its number
/// @param acked mark of the sender's last batch that succeeded, or [Shard.Mark#NONE]
/// @param items carried out in this order, each on its own: a refused append stops no other
public record ShardBatch(long sender, long number, Shard.Mark acked, List<Item> items) {
  /// Copies the items.
  public ShardBatch {
    items = List.copyOf(items);
  }

  /// One thing to do.
  public sealed interface Item {
    /// Appends to a channel's log, which begins with it. The only item with a result.
    record Append(String channel, Draft draft, Retention retention) implements Item {}

    /// Forgets a log's publications; its epoch, top, version and keys stay.
    record Remove(String channel) implements Item {}

    /// Drops what is too old in the next logs; each sweep goes on where the last one ended.
    ///
    /// @param logsMax looked at in this sweep
    record Sweep(int logsMax) implements Item {}

    /// Forgets all logs and gives every channel a new epoch, as after doubts about the copies.
    ///
    /// @param generation new and random, not 0
    record Renew(long generation) implements Item {}
  }
}
