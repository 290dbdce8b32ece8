package dev.switchboard.stream;

import dev.switchboard.lifecycle.Roll;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.stream.Blocks.In;
import dev.switchboard.stream.Blocks.Out;
import dev.switchboard.stream.ShardBatch.Item;
import dev.switchboard.stream.ShardDelta.Step;
import dev.switchboard.stream.ShardResult.Outcome;
import dev.switchboard.tenure.Title;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The bytes in which nodes pass on shards, batches, deltas and results. Pure functions.
///
/// A byte for the format, one for the kind of message, then sections, each a block with its length.
/// A later release may add sections behind these and fields behind those of a block, and this one
/// skips them; what it must not skip gets another format, which this one refuses. Decisions of an
/// unknown kind are refused too: a copy that leaves one out would not be one.
public final class ShardCodec {
  private static final int FORMAT = 1;
  private static final int SHARD = 1;
  private static final int BATCH = 2;
  private static final int DELTA = 3;
  private static final int RESULT = 4;
  private static final int SMALL_BYTES = 128;

  private ShardCodec() {}

  /// A whole shard, as for a move to another node.
  public static byte[] encode(Shard shard) {
    Out out = begin(SHARD, shard.bytes());
    out.putBlock(shard.identity(), ShardCodec::writeIdentity);
    out.putBlock(shard, ShardCodec::writeStart);
    out.putBlock(shard.allLogs().entrySet(), (to, logs) -> to.putAll(logs, ShardCodec::writeLog));
    out.putBlock(
        shard.senders().all().entrySet(), (to, all) -> to.putAll(all, ShardCodec::writeSender));
    out.putBlock(shard.delta().steps(), ShardCodec::writeSteps);
    out.putBlock(shard.roll().sheet(), RollCodec::write);
    return out.toBytes();
  }

  /// The shard in `bytes`.
  public static Shard shard(byte[] bytes) throws MalformedException {
    In in = begin(SHARD, bytes);
    Shard.Identity identity = in.getBlock(ShardCodec::readIdentity);
    Shard shard =
        in.getBlock(from -> new Shard(identity, from.getLong(), from.getNatural(), from.getMark()));
    in.getBlock(from -> from.getAll(log -> readLog(log, shard)));
    in.getBlock(from -> from.getAll(sender -> readSender(sender, shard)));
    readSteps(in, shard.acked()).forEach(shard::restore);
    shard.restore(Roll.of(in.getBlock(RollCodec::sheet)));
    return shard;
  }

  /// A batch.
  public static byte[] encode(ShardBatch batch) {
    long expected = batch.items().stream().mapToLong(ShardCodec::expected).sum();
    Out out = begin(BATCH, expected);
    out.putBlock(
        batch,
        (to, of) -> {
          to.putLong(of.sender());
          to.putLong(of.number());
          to.putMark(of.acked());
        });
    out.putBlock(batch.items(), (to, items) -> to.putAll(items, Item::write));
    return out.toBytes();
  }

  /// The batch in `bytes`.
  public static ShardBatch batch(byte[] bytes) throws MalformedException {
    In in = begin(BATCH, bytes);
    ShardBatch empty =
        in.getBlock(
            from -> new ShardBatch(from.getLong(), from.getLong(), from.getMark(), List.of()));
    List<Item> items = in.getBlock(from -> from.getAll(Item::read));
    return new ShardBatch(empty.sender(), empty.number(), empty.acked(), items);
  }

  /// A delta.
  public static byte[] encode(ShardDelta delta) {
    Out out = begin(DELTA, delta.steps().stream().mapToLong(Step::bytes).sum());
    out.putBlock(delta.identity(), ShardCodec::writeIdentity);
    out.putBlock(delta.base(), Out::putMark);
    out.putBlock(delta.steps(), ShardCodec::writeSteps);
    return out.toBytes();
  }

  /// The delta in `bytes`.
  public static ShardDelta delta(byte[] bytes) throws MalformedException {
    In in = begin(DELTA, bytes);
    Shard.Identity identity = in.getBlock(ShardCodec::readIdentity);
    Shard.Mark base = in.getBlock(In::getMark);
    return new ShardDelta(identity, base, readSteps(in, base));
  }

  /// A result.
  public static byte[] encode(ShardResult result) {
    Out out = begin(RESULT, (long) SMALL_BYTES * result.outcomes().size());
    out.putBlock(result.mark(), Out::putMark);
    out.putBlock(result.outcomes(), (to, all) -> to.putAll(all, Outcome::write));
    return out.toBytes();
  }

  /// The result in `bytes`.
  public static ShardResult result(byte[] bytes) throws MalformedException {
    In in = begin(RESULT, bytes);
    Shard.Mark mark = in.getBlock(In::getMark);
    return new ShardResult(mark, in.getBlock(from -> from.getAll(Outcome::read)));
  }

  private static Out begin(int kind, long expected) {
    Out out = new Out(expected + SMALL_BYTES);
    out.put(FORMAT);
    out.put(kind);
    return out;
  }

  private static In begin(int kind, byte[] bytes) throws MalformedException {
    In in = new In(bytes);
    int format = in.get();
    if (format != FORMAT) {
      throw new MalformedException(
          "streams in format " + format + ", this release reads " + FORMAT + ": update this node");
    }
    int found = in.get();
    if (found != kind) {
      throw new MalformedException("kind " + found + " of a message, not " + kind);
    }
    return in;
  }

  private static void writeIdentity(Out out, Shard.Identity identity) {
    Title title = identity.title();
    out.putLong(identity.origin());
    out.putLong(title.lineage());
    out.putLong(title.version());
    out.putLong(title.term());
    out.putLong(title.start());
    out.putLong(title.owner());
    out.putLong(title.backup());
  }

  private static Shard.Identity readIdentity(In in) throws MalformedException {
    return new Shard.Identity(
        in.getLong(),
        new Title(
            in.getLong(),
            in.getNatural(),
            in.getNatural(),
            in.getNatural(),
            in.getLong(),
            in.getLong()));
  }

  private static void writeStart(Out out, Shard shard) {
    out.putLong(shard.generation());
    out.putLong(shard.generationBy());
    out.putMark(shard.acked());
  }

  private static void writeLog(Out out, Map.Entry<String, Log> entry) {
    Log log = entry.getValue();
    Log.Meta meta = log.meta();
    out.putText(entry.getKey());
    out.putText(log.position().epoch());
    out.putLong(meta.top());
    out.putLong(meta.version());
    out.putText(meta.versionEpoch());
    out.putLong(meta.writtenAt());
    out.putRetention(meta.retention());
    out.putLong(meta.changedBy());
    out.putAll(
        log.keys().entrySet(),
        (to, key) -> {
          to.putText(key.getKey());
          to.putLong(key.getValue().offset());
          to.putLong(key.getValue().at());
        });
    out.putAll(
        IntStream.range(0, log.count()).boxed().toList(),
        (to, index) -> {
          to.putLong(log.storedAt(index));
          to.putPublication(log.publication(index));
        });
  }

  private static Log readLog(In in, Shard shard) throws MalformedException {
    String channel = in.getText();
    String epoch = in.getText();
    Log.Meta meta =
        new Log.Meta(
            in.getNatural(),
            in.getLong(),
            in.getText(),
            in.getLong(),
            in.getRetention(),
            in.getNatural());
    Log log = new Log(epoch, meta);
    in.getAll(
        from -> {
          log.addKey(from.getText(), new Draft.Keys.Key(from.getNatural(), from.getLong()));
          return log;
        });
    in.getAll(
        from -> {
          long storedAt = from.getLong();
          log.add(from.getPublication(), storedAt);
          return log;
        });
    if (!log.isWhole(meta.top())) {
      throw new MalformedException("a log with a hole");
    }
    shard.restore(channel, log);
    return log;
  }

  private static void writeSender(Out out, Map.Entry<Long, ShardResult.Last> entry) {
    ShardResult.Last sender = entry.getValue();
    out.putLong(entry.getKey());
    out.putLong(sender.number());
    out.putLong(sender.seenAt());
    out.putAll(sender.outcomes(), Outcome::write);
  }

  private static ShardResult.Last readSender(In in, Shard shard) throws MalformedException {
    long id = in.getLong();
    long number = in.getLong();
    long seenAt = in.getLong();
    var sender = new ShardResult.Last(number, seenAt, in.getAll(Outcome::read));
    shard.senders().put(id, sender);
    return sender;
  }

  private static void writeSteps(Out out, List<Step> steps) {
    out.putAll(steps, Step::write);
  }

  private static List<Step> readSteps(In in, Shard.Mark base) throws MalformedException {
    List<Step> steps = in.getBlock(from -> from.getAll(Step::read));
    long sequence = base.sequence();
    for (Step step : steps) {
      sequence++;
      if (step.mark().sequence() != sequence) {
        throw new MalformedException("steps with a hole");
      }
    }
    return steps;
  }

  private static long expected(Item item) {
    return switch (item) {
      case Item.Append append -> 2 * SMALL_BYTES + ShardLimits.bytes(append.draft().publication());
      case Item.Remove _, Item.Sweep _, Item.Roll _ -> SMALL_BYTES;
    };
  }
}
