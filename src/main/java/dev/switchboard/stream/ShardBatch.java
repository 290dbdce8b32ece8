package dev.switchboard.stream;

import dev.switchboard.lifecycle.EventStream;
import dev.switchboard.lifecycle.EventText;
import dev.switchboard.lifecycle.Note;
import dev.switchboard.lifecycle.RollChange;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.protocol.Publication;
import dev.switchboard.stream.Blocks.In;
import dev.switchboard.stream.Blocks.Out;
import dev.switchboard.stream.ShardDelta.Change;
import dev.switchboard.stream.ShardDelta.Drop;
import dev.switchboard.stream.ShardDelta.Spent;
import dev.switchboard.stream.ShardDelta.Step;
import dev.switchboard.stream.ShardResult.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

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

  private static final int APPEND = 1;
  private static final int REMOVE = 2;
  private static final int SWEEP = 3;
  private static final int ROLL = 4;

  /// One thing to do.
  public sealed interface Item {
    /// Appends to a channel's log, which begins with it. Has a result.
    record Append(String channel, Draft draft, Retention retention) implements Item {}

    /// Forgets a log's publications; its epoch, top, version and keys stay.
    record Remove(String channel) implements Item {}

    /// Drops what is too old in the next logs; each sweep goes on where the last one ended.
    ///
    /// @param logsMax looked at in this sweep
    record Sweep(int logsMax) implements Item {}

    /// Puts a note to the shard's roll and appends the events that come of it. Has a result.
    ///
    /// @param channel of the stream of events in this shard
    record Roll(String channel, Note note, Retention retention) implements Item {}

    /// Writes its bytes.
    static void write(Out out, Item item) {
      switch (item) {
        case Append(var channel, var draft, var retention) -> {
          out.put(APPEND);
          out.putText(channel);
          out.putPublication(draft.publication());
          out.putText(draft.key());
          out.putLong(draft.version());
          out.putText(draft.versionEpoch());
          out.put(draft.kept() ? 1 : 0);
          out.putRetention(retention);
        }
        case Remove(var channel) -> {
          out.put(REMOVE);
          out.putText(channel);
        }
        case Sweep(int logsMax) -> {
          out.put(SWEEP);
          out.putInt(logsMax);
        }
        case Roll(var channel, var note, var retention) -> {
          out.put(ROLL);
          out.putText(channel);
          out.putRetention(retention);
          RollCodec.write(out, note);
        }
      }
    }

    /// Reads what [#write] wrote.
    static Item read(In in) throws MalformedException {
      int kind = in.get();
      return switch (kind) {
        case APPEND -> new Append(in.getText(), draft(in), in.getRetention());
        case REMOVE -> new Remove(in.getText());
        case SWEEP -> new Sweep(in.getInt());
        case ROLL -> roll(in);
        default -> throw new MalformedException("unknown item " + kind);
      };
    }

    private static Roll roll(In in) throws MalformedException {
      String channel = in.getText();
      Retention retention = in.getRetention();
      return new Roll(channel, RollCodec.note(in), retention);
    }

    private static Draft draft(In in) throws MalformedException {
      return new Draft(
          in.getPublication(), in.getText(), in.getLong(), in.getText(), in.get() != 0);
    }
  }

  /// The batch as the owner of the shard carries it out: whoever is alive as it knows is alive,
  /// whatever a sender says who may just have come from another cluster.
  ///
  /// @param members incarnations of the nodes that the owner knows; asked only when it matters
  public ShardBatch asSeenBy(Supplier<Set<Long>> members) {
    for (Item item : items) {
      if (item instanceof Item.Roll(_, Note.Alive _, _)) {
        Set<Long> known = members.get();
        List<Item> seen = items.stream().map(each -> asSeenBy(each, known)).toList();
        return new ShardBatch(sender, number, acked, seen);
      }
    }
    return this;
  }

  private static Item asSeenBy(Item item, Set<Long> members) {
    return item instanceof Item.Roll(var channel, Note.Alive alive, var retention)
        ? new Item.Roll(channel, alive.and(members), retention)
        : item;
  }

  /// A batch that is carried out on the owner of a shard: decides item by item, and lets each
  /// decision come true before the next.
  static final class Turn {
    private final Shard shard;
    private final ShardBatch batch;
    private final long now;
    private final ShardLimits limits;
    private final Shard.Mark mark;
    private final boolean full;
    private final List<Change> changes = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();

    Turn(Shard shard, ShardBatch batch, long now, ShardLimits limits) {
      this.shard = shard;
      this.batch = batch;
      this.now = now;
      this.limits = limits;
      long stamp =
          Position.mix(
              Position.mix(Position.mix(shard.mark().stamp()) ^ batch.sender()) ^ batch.number());
      mark = new Shard.Mark(shard.mark().sequence() + 1, Position.mix(stamp ^ now));
      full = shard.isFull();
    }

    Step carryOut() {
      for (Item item : batch.items()) {
        switch (item) {
          case Item.Append append -> outcomes.add(append(append));
          case Item.Remove(var channel) -> remove(channel);
          case Item.Sweep(int logsMax) -> shard.nextToSweep(logsMax).forEach(this::sweep);
          case Item.Roll roll -> outcomes.add(note(roll));
        }
      }
      int forgotten = shard.senders().toForget(batch.sender(), now);
      return new Step(mark, batch.sender(), batch.number(), now, forgotten, changes, outcomes);
    }

    /// Refusals are answers to remember too, but not where they would fill what is full.
    boolean isWorthRemembering() {
      return !changes.isEmpty() || !outcomes.isEmpty() && !full;
    }

    private Outcome append(Item.Append item) {
      Draft draft = item.draft();
      Log found = shard.allLogs().get(item.channel());
      Log log =
          found == null ? new Log(shard.start(item.channel()).epoch(), mark.sequence()) : found;
      Appended known = log.known(draft, now, limits.keyMillis());
      if (known != null) {
        return new Outcome.Done(known);
      }
      if (!draft.kept() && draft.key().isEmpty() && draft.version() <= 0) {
        return new Outcome.Done(new Appended.Passed(log.position()));
      }
      int keys = log.keysToDrop(draft, now, limits);
      if (full || keys < 0 || found == null && shard.logs() >= limits.logsMax()) {
        return new Outcome.Refused(StreamException.Reason.FULL);
      }
      happen(written(item, log, keys));
      Position position = shard.allLogs().get(item.channel()).position();
      return new Outcome.Done(
          draft.kept() ? new Appended.Stored(position) : new Appended.Passed(position));
    }

    private Outcome note(Item.Roll item) {
      if (full) {
        return new Outcome.Refused(StreamException.Reason.FULL);
      }
      String channel = item.channel();
      var decision = shard.roll().decide(ofThisLife(item), now);
      for (RollChange change : decision.changes()) {
        happen(new Change.Rolled(change));
        if (change instanceof RollChange.Event event) {
          var draft = Draft.of(Publication.of(EventText.of(event), null));
          Log log = shard.allLogs().get(channel);
          happen(
              written(
                  new Item.Append(channel, draft, item.retention()),
                  log == null ? new Log(shard.start(channel).epoch(), mark.sequence()) : log,
                  0));
        }
      }
      return new Outcome.Noted(position(channel), decision.answer());
    }

    /// An offset of another life of the stream says nothing about this one.
    private Note ofThisLife(Item.Roll item) {
      return item.note() instanceof Note.Read(var reader, var epoch, long _)
              && !epoch.equals(position(item.channel()).epoch())
          ? new Note.Read(reader, epoch, 0)
          : item.note();
    }

    private Position position(String channel) {
      Log log = shard.allLogs().get(channel);
      return log == null ? shard.start(channel) : log.position();
    }

    private Change written(Item.Append item, Log log, int keys) {
      Draft draft = item.draft();
      var spent = new Spent(draft.key(), draft.version(), draft.versionEpoch());
      Publication stored = null;
      int dropped = 0;
      if (draft.kept()) {
        stored = log.next(draft.publication(), now);
        dropped = log.publicationsToDrop(stored, item.retention(), now, limits.bytesMax());
      }
      var drop = new Drop(dropped, keys);
      return new Change.Written(item.channel(), stored, spent, item.retention(), drop);
    }

    private void remove(String channel) {
      Log log = shard.allLogs().get(channel);
      if (log != null && log.count() > 0) {
        happen(new Change.Dropped(channel, new Drop(log.count(), 0)));
      }
    }

    private void sweep(String channel, Log log) {
      var drop = new Drop(log.expiredPublications(now), log.expiredKeys(now, limits.keyMillis()));
      // What is open goes on in its epoch.
      boolean needed = EventStream.number(channel) >= 0 && !shard.roll().isEmpty();
      if (log.isForgettable(drop, now) && !needed) {
        happen(new Change.Expired(channel, generation()));
      } else if (drop.publications() > 0 || drop.keys() > 0) {
        happen(new Change.Dropped(channel, drop));
      }
    }

    /// Never one that was here before: the stamp of this turn is new, and so is the place in it.
    private long generation() {
      return Math.max(1, Position.mix(Position.mix(mark.stamp() + changes.size())) >>> 1);
    }

    private void happen(Change change) {
      changes.add(change);
      shard.happen(change, mark.sequence(), now);
    }
  }
}
