package dev.switchboard.stream;

import java.util.List;

/// What became of a [ShardBatch]. True for good only when its delta reached the backup.
///
/// @param mark where the shard is; the sender's next `acked` when the delta reached the backup
/// @param outcomes one for each append, in the order of the batch
public record ShardResult(Shard.Mark mark, List<Outcome> outcomes) {
  /// Copies the outcomes.
  public ShardResult {
    outcomes = List.copyOf(outcomes);
  }

  /// What became of one append.
  public sealed interface Outcome {
    /// It was carried out.
    record Done(Appended appended) implements Outcome {}

    /// Nothing was changed by it.
    record Refused(StreamException.Reason reason) implements Outcome {}
  }
}
