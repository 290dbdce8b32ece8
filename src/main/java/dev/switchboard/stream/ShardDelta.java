package dev.switchboard.stream;

import dev.switchboard.lifecycle.RollChange;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.protocol.Publication;
import dev.switchboard.stream.Blocks.In;
import dev.switchboard.stream.Blocks.Out;
import dev.switchboard.tenure.Copy;
import java.util.List;

/// What the owner of a shard decided since the part that is known to be safe, for the copy.
///
/// Decisions, not rules: how many publications a trim drops is in here, so a copy whose clock or
/// configuration differs gets the very same logs.
///
/// @param identity which shard, and who holds it from now on
/// @param base the mark before the first step
/// @param steps one for each batch that changed something
public record ShardDelta(Shard.Identity identity, Shard.Mark base, List<Step> steps) {
  /// Copies the steps.
  public ShardDelta {
    steps = List.copyOf(steps);
  }

  /// The mark after the last step.
  public Shard.Mark end() {
    return steps.isEmpty() ? base : steps.getLast().mark();
  }

  /// What the owner has, with the steps.
  public Copy copy() {
    return new Copy(identity.origin(), identity.title(), end().sequence());
  }

  /// How many steps a shard at `mark` has already, or -1 when it is at none of them.
  int stepsUpTo(Shard.Mark mark) {
    if (base.equals(mark)) {
      return 0;
    }
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).mark().equals(mark)) {
        return i + 1;
      }
    }
    return -1;
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
    private static final int STEP_BYTES = 128;
    private static final int CHANGE_BYTES = 128;
    private static final int OUTCOME_BYTES = 64;

    /// Copies the lists.
    public Step {
      changes = List.copyOf(changes);
      outcomes = List.copyOf(outcomes);
    }

    /// About how much memory it takes.
    long bytes() {
      long sum = STEP_BYTES + (long) OUTCOME_BYTES * outcomes.size();
      for (Change change : changes) {
        sum += CHANGE_BYTES;
        if (change instanceof Change.Written written && written.publication() != null) {
          sum += ShardLimits.bytes(written.publication());
        }
      }
      return sum;
    }

    /// Writes its bytes.
    static void write(Out out, Step step) {
      out.putMark(step.mark());
      out.putLong(step.sender());
      out.putLong(step.number());
      out.putLong(step.at());
      out.putInt(step.forgotten());
      out.putAll(step.changes(), Change::write);
      out.putAll(step.outcomes(), ShardResult.Outcome::write);
    }

    /// Reads what [#write] wrote.
    static Step read(In in) throws MalformedException {
      return new Step(
          in.getMark(),
          in.getLong(),
          in.getLong(),
          in.getLong(),
          in.getCount(),
          in.getAll(Change::read),
          in.getAll(ShardResult.Outcome::read));
    }
  }

  private static final int STORED = 1;
  private static final int NOTED = 2;
  private static final int DROPPED = 3;
  private static final int EXPIRED = 4;
  private static final int ROLLED = 5;

  /// What happened to one log.
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

    /// The roll has changed; an event of it follows as a publication.
    record Rolled(RollChange change) implements Change {}

    /// Writes its bytes.
    static void write(Out out, Change change) {
      switch (change) {
        case Written written -> {
          out.put(written.publication() == null ? NOTED : STORED);
          writeWritten(out, written);
        }
        case Dropped(var channel, var dropped) -> {
          out.put(DROPPED);
          out.putText(channel);
          out.putInt(dropped.publications());
          out.putInt(dropped.keys());
        }
        case Expired(var channel, long generation) -> {
          out.put(EXPIRED);
          out.putText(channel);
          out.putLong(generation);
        }
        case Rolled(var rolled) -> {
          out.put(ROLLED);
          RollCodec.write(out, rolled);
        }
      }
    }

    private static void writeWritten(Out out, Written written) {
      out.putText(written.channel());
      if (written.publication() != null) {
        out.putPublication(written.publication());
      }
      out.putText(written.spent().key());
      out.putLong(written.spent().version());
      out.putText(written.spent().versionEpoch());
      out.putRetention(written.retention());
      out.putInt(written.dropped().publications());
      out.putInt(written.dropped().keys());
    }

    /// Reads what [#write] wrote.
    static Change read(In in) throws MalformedException {
      int kind = in.get();
      return switch (kind) {
        case STORED, NOTED -> written(in, kind == STORED);
        case DROPPED -> new Dropped(in.getText(), drop(in));
        case EXPIRED -> new Expired(in.getText(), in.getLong());
        case ROLLED -> new Rolled(RollCodec.change(in));
        default -> throw new MalformedException("unknown change " + kind);
      };
    }

    private static Written written(In in, boolean stored) throws MalformedException {
      return new Written(
          in.getText(),
          stored ? in.getPublication() : null,
          new Spent(in.getText(), in.getLong(), in.getText()),
          in.getRetention(),
          drop(in));
    }

    private static Drop drop(In in) throws MalformedException {
      return new Drop(in.getCount(), in.getCount());
    }
  }

  /// What a draft used up.
  ///
  /// @param key empty for none
  /// @param version 0 for none
  public record Spent(String key, long version, String versionEpoch) {}

  /// How many went, the oldest first.
  public record Drop(int publications, int keys) {}
}
