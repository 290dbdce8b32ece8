package dev.switchboard.stream;

import dev.switchboard.lifecycle.EventStream;
import dev.switchboard.lifecycle.Roll;
import dev.switchboard.stream.ShardDelta.Change;
import dev.switchboard.stream.ShardDelta.Step;
import dev.switchboard.tenure.Copy;
import dev.switchboard.tenure.Title;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The logs of all channels with one hash: what is owned, copied and moved as one.
///
/// Confined to whoever holds it: a partition's thread, or the local store. The owner applies
/// batches, the backup the deltas that come out of them. Why one thing for many channels: a copy
/// has all of it up to some batch or nothing at all, which is what epochs rest on.
public final class Shard {
  /// How many there are; fixed, as every node must agree on it. Few, so that what is published at
  /// the same time goes in few batches; many enough to spread over nodes and cores.
  public static final int COUNT = 256;

  /// Beyond it appends are refused: no copy seems to be reached, and every delta carries it all.
  private static final long UNACKED_BYTES_MAX = 16 << 20;

  /// Beyond it appends are refused: it moves between nodes in one piece.
  private static final long BYTES_MAX = 1 << 30;

  private static final int RETENTIONS_MAX = 256;

  private final long origin;
  private Title title;
  private long generation;
  private long generationBy;
  private Mark mark;
  private Mark acked;
  private final NavigableMap<String, Log> logs = new TreeMap<>();
  private final ShardResult.Memory senders = new ShardResult.Memory();
  private Roll roll = new Roll();
  private final Deque<Step> unacked = new ArrayDeque<>();

  // Known to this holder only: where the next sweep starts, and sums.
  private String swept;
  private long bytes;
  private long unackedBytes;
  private final Map<Retention, Retention> retentions = new HashMap<>();

  /// A place in the life of a shard that no other life of it shares.
  ///
  /// @param sequence of the last batch that changed something; 0 before the first
  /// @param stamp made of all that happened before: two owners that went different ways may count
  ///   alike, but never have the same stamp
  public record Mark(long sequence, long stamp) {
    /// Of a sender that knows of nothing yet.
    public static final Mark NONE = new Mark(0, 0);
  }

  /// An empty shard.
  ///
  /// @param origin random and not 0: tells this shard from all that were in its place before, and
  ///   is where the epochs of its first logs come from
  /// @param title who holds it
  public Shard(long origin, Title title) {
    this(new Identity(origin, title), origin, 0, new Mark(0, origin));
  }

  /// A copied shard, still without logs, senders and steps.
  Shard(Identity identity, long generation, long generationBy, Mark acked) {
    this.origin = identity.origin();
    this.title = identity.title();
    this.generation = generation;
    this.generationBy = generationBy;
    this.acked = acked;
    mark = acked;
  }

  /// Which shard it is, and whose.
  ///
  /// @param origin the generation it began with
  public record Identity(long origin, Title title) {}

  /// A copy that begins with its first delta.
  ///
  /// @throws HoleException when something came before
  public static Shard of(ShardDelta delta) throws HoleException {
    if (delta.base().sequence() > 0) {
      throw new HoleException(Mark.NONE, delta);
    }
    var shard = new Shard(delta.identity().origin(), delta.identity().title());
    shard.apply(delta);
    return shard;
  }

  /// Which shard a channel is in: 0 to `COUNT` - 1, the same on every node and in every release.
  public static int of(String channel) {
    int events = EventStream.number(channel);
    return events >= 0 ? ofEvents(events) : (int) Position.hash(0, channel) & COUNT - 1;
  }

  /// Which stream the events of a subject are in: a user, or a channel, or a client without a user.
  public static int eventsOf(String subject) {
    return (int) Position.hash(0, subject) & EventStream.COUNT - 1;
  }

  /// Which shard a stream of events is in, beside the roll that it comes from.
  public static int ofEvents(int stream) {
    return stream * (COUNT / EventStream.COUNT);
  }

  /// Carries out a batch, on the owner; [#delta] then has what the backup must hold before the
  /// result may be told.
  ///
  /// A batch that was the sender's last one already is answered from memory.
  ///
  /// @throws StreamException UNAVAILABLE for a batch older than the sender's last one; nothing
  ///   changed then. An append that cannot be done is an outcome instead and stops no other.
  public ShardResult apply(ShardBatch batch, long nowMillis, ShardLimits limits) {
    ShardResult.Last last = senders.last(batch.sender());
    if (!batch.items().isEmpty() && last != null && batch.number() <= last.number()) {
      if (batch.number() < last.number()) {
        throw new StreamException(
            StreamException.Reason.UNAVAILABLE, "a later batch of this sender was here already");
      }
      acknowledge(batch.acked());
      return new ShardResult(mark, last.outcomes());
    }
    acknowledge(batch.acked());
    var turn = new ShardBatch.Turn(this, batch, nowMillis, limits);
    Step step = turn.carryOut();
    if (turn.isWorthRemembering()) {
      remember(step);
    }
    return new ShardResult(mark, step.outcomes());
  }

  private void remember(Step step) {
    senders.remember(step);
    restore(step);
  }

  /// Everything that is not known to be on the backup.
  public ShardDelta delta() {
    return new ShardDelta(identity(), acked, List.copyOf(unacked));
  }

  /// When the oldest part was added that is not known to be on the backup, in milliseconds; the far
  /// future when all is.
  public long unconfirmedSince() {
    return unacked.isEmpty() ? Long.MAX_VALUE : unacked.peek().at();
  }

  /// Takes over what the owner decided, on the backup. Parts that are here already are skipped.
  ///
  /// @throws HoleException when something before it is missing here; nothing changed then
  public void apply(ShardDelta delta) throws HoleException {
    int known = delta.stepsUpTo(mark);
    if (known >= 0) {
      for (Step step : delta.steps().subList(known, delta.steps().size())) {
        step.changes().forEach(change -> happen(change, step.mark().sequence(), step.at()));
        remember(step);
      }
      acknowledge(delta.base());
      title = delta.identity().title();
    } else if (!isOfHere(delta.end())) {
      throw new HoleException(mark, delta);
    }
  }

  /// Lets a decision come true; on the owner and on the backup the same.
  void happen(Change change, long sequence, long now) {
    switch (change) {
      case Change.Written written -> {
        String channel = written.channel();
        if (!logs.containsKey(channel)) {
          restore(channel, new Log(start(channel).epoch(), sequence));
        }
        Log log = logs.get(channel);
        bytes -= log.bytes();
        log.write(written, shared(written.retention()), sequence, now);
        bytes += log.bytes();
      }
      case Change.Dropped(var channel, var dropped) -> {
        Log log = logs.get(channel);
        bytes -= log.bytes();
        log.drop(dropped, sequence);
        bytes += log.bytes();
      }
      case Change.Expired(var channel, long next) -> {
        bytes -= logs.remove(channel).bytes();
        if (EventStream.number(channel) >= 0) {
          roll.forgetReaders();
        }
        generation = next;
        generationBy = sequence;
      }
      case Change.Rolled(var rolled) -> roll.happen(rolled, now);
    }
  }

  /// One object for the many logs of a namespace.
  private Retention shared(Retention retention) {
    if (retentions.size() >= RETENTIONS_MAX) {
      retentions.clear();
    }
    return retentions.computeIfAbsent(retention, same -> same);
  }

  /// Believes that everything up to a mark is on the backup; a mark that is not of here is ignored.
  ///
  /// Without a backup, call it with the mark of each result.
  public void acknowledge(Mark known) {
    if (known.sequence() > acked.sequence() && isOfHere(known)) {
      while (acked.sequence() < known.sequence()) {
        Step step = unacked.remove();
        acked = step.mark();
        unackedBytes -= step.bytes();
      }
    }
  }

  private boolean isOfHere(Mark other) {
    if (acked.equals(other)) {
      return true;
    }
    for (Step step : unacked) {
      if (step.mark().equals(other)) {
        return true;
      }
    }
    return false;
  }

  /// Reads what is safe.
  ///
  /// A log silent for longer than its meta is kept is served until a sweep takes it.
  ///
  /// @param ackedUpTo as in a batch
  /// @param bytesMax of the publications returned; one is returned even if it is larger
  /// @throws UnsafeException when the answer would differ by what is not known to be on the backup
  public Slice read(String channel, Query query, Mark ackedUpTo, long nowMillis, int bytesMax)
      throws UnsafeException {
    acknowledge(ackedUpTo);
    Log log = logs.get(channel);
    long changedBy = log == null ? generationBy : log.changedBy();
    if (changedBy > acked.sequence()) {
      throw new UnsafeException(changedBy, acked.sequence());
    }
    return readAhead(channel, query, nowMillis, bytesMax);
  }

  /// Reads everything; to be shown only once a delta taken afterwards reached the backup.
  ///
  /// So a read can ride on an empty batch and needs no second try on a busy stream.
  public Slice readAhead(String channel, Query query, long nowMillis, int bytesMax) {
    Log log = logs.get(channel);
    return log == null
        ? new Slice(start(channel), List.of())
        : log.slice(query, nowMillis, bytesMax);
  }

  /// The next logs to sweep, after those of the last call.
  Map<String, Log> nextToSweep(int logsMax) {
    var rest = swept == null ? logs : logs.tailMap(swept, false);
    Map<String, Log> next = new LinkedHashMap<>();
    for (var log : rest.entrySet()) {
      if (next.size() >= logsMax) {
        return next;
      }
      next.put(log.getKey(), log.getValue());
      swept = log.getKey();
    }
    swept = null;
    return next;
  }

  /// Whether nothing more should come in.
  boolean isFull() {
    return unackedBytes > UNACKED_BYTES_MAX || bytes + roll.bytes() > BYTES_MAX;
  }

  /// Which shard it is, and whose.
  public Identity identity() {
    return new Identity(origin, title);
  }

  /// What decides about this copy.
  public Copy copy() {
    return new Copy(origin, title, mark.sequence());
  }

  /// Changes hands, on the new owner; the next delta tells the backup.
  public void retitle(Title next) {
    title = next;
  }

  long generation() {
    return generation;
  }

  long generationBy() {
    return generationBy;
  }

  NavigableMap<String, Log> allLogs() {
    return logs;
  }

  ShardResult.Memory senders() {
    return senders;
  }

  /// What is open of what the events here are about.
  Roll roll() {
    return roll;
  }

  void restore(Roll copied) {
    roll = copied;
  }

  void restore(String channel, Log log) {
    logs.put(channel, log);
    bytes += log.bytes();
  }

  /// Takes in a step whose changes are here.
  void restore(Step step) {
    mark = step.mark();
    unacked.add(step);
    unackedBytes += step.bytes();
  }

  /// Where a channel's log would begin.
  Position start(String channel) {
    return Position.start(generation, channel);
  }

  /// Where it is.
  public Mark mark() {
    return mark;
  }

  /// Up to where it is known to be on the backup too.
  public Mark acked() {
    return acked;
  }

  /// How many logs it has.
  public int logs() {
    return logs.size();
  }

  /// About how much memory it takes.
  public long bytes() {
    return bytes + unackedBytes + roll.bytes();
  }
}
