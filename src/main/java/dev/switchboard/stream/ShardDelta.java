package dev.switchboard.stream;

import dev.switchboard.protocol.Publication;
import java.util.List;

/// What the owner of a shard decided since the part that is known to be safe, for the copy.
///
/// Decisions, not rules: how many publications a trim drops is in here, so a copy whose clock or
/// configuration differs gets the very same logs.
///
/// @param base the mark before the first step
/// @param steps one for each batch that changed something
public record ShardDelta(Shard.Mark base, List<Step> steps) {
  /// Copies the steps.
  public ShardDelta {
    steps = List.copyOf(steps);
  }

  /// The mark after the last step.
  public Shard.Mark end() {
    return steps.isEmpty() ? base : steps.getLast().mark();
  }

  /// What one batch did.
  ///
  /// @param mark after this step
  /// @param sender whose batch it was
  /// @param number of the batch
  /// @param at when, by the owner's clock in milliseconds
  /// @param forgotten how many senders were forgotten, those silent for longest
  /// @param changes in the order they happened
  /// @param outcomes the answer to a second run of the batch
  public record Step(
      Shard.Mark mark,
      long sender,
      long number,
      long at,
      int forgotten,
      List<Change> changes,
      List<ShardResult.Outcome> outcomes) {
    /// Copies the lists.
    public Step {
      changes = List.copyOf(changes);
      outcomes = List.copyOf(outcomes);
    }
  }

  /// What happened to one log, or to all.
  public sealed interface Change {
    /// A publication came in; the log begins with its first one.
    ///
    /// @param publication with its offset, or null when none was kept
    /// @param spent the draft's key and version
    /// @param dropped what went to make room
    record Written(
        String channel, Publication publication, Spent spent, Retention retention, Drop dropped)
        implements Change {}

    /// Only something went.
    record Dropped(String channel, Drop dropped) implements Change {}

    /// The log is gone; epochs not yet given come from another generation from now on.
    record Expired(String channel, long generation) implements Change {}

    /// All logs are gone.
    record Renewed(long generation) implements Change {}
  }

  /// What a draft used up.
  ///
  /// @param key empty for none
  /// @param version 0 for none
  public record Spent(String key, long version, String versionEpoch) {}

  /// How many went, the oldest first.
  public record Drop(int publications, int keys) {}
}
