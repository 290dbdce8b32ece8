package dev.switchboard.stream;

import dev.switchboard.protocol.MalformedException;
import dev.switchboard.stream.Blocks.In;
import dev.switchboard.stream.Blocks.Out;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What became of a [ShardBatch]. True for good only when its delta reached the backup.
///
/// @param mark where the shard is; the sender's next `acked` when the delta reached the backup
/// @param outcomes one for each append and each note, in the order of the batch
public record ShardResult(Shard.Mark mark, List<Outcome> outcomes) {
  /// Copies the outcomes.
  public ShardResult {
    outcomes = List.copyOf(outcomes);
  }

  private static final int STORED = 1;
  private static final int REPEATED = 2;
  private static final int OUTDATED = 3;
  private static final int PASSED = 4;
  private static final int REFUSED = 5;
  private static final int NOTED = 6;

  /// What became of one append or note.
  public sealed interface Outcome {
    /// It was carried out.
    record Done(Appended appended) implements Outcome {}

    /// Nothing was changed by it.
    record Refused(StreamException.Reason reason) implements Outcome {}

    /// A note was taken.
    ///
    /// @param top of the stream of events, with those of the note
    record Noted(Position top, dev.switchboard.lifecycle.Noted answer) implements Outcome {}

    /// Writes its bytes.
    static void write(Out out, Outcome outcome) {
      switch (outcome) {
        case Done(Appended.Stored(var position)) -> write(out, STORED, position);
        case Done(Appended.Repeated(var position)) -> write(out, REPEATED, position);
        case Done(Appended.Outdated(var position)) -> write(out, OUTDATED, position);
        case Done(Appended.Passed(var position)) -> write(out, PASSED, position);
        case Refused(var reason) -> {
          out.put(REFUSED);
          out.putText(reason.name());
        }
        case Noted(var top, var answer) -> {
          write(out, NOTED, top);
          RollCodec.write(out, answer);
        }
      }
    }

    private static void write(Out out, int kind, Position position) {
      out.put(kind);
      out.putText(position.epoch());
      out.putLong(position.offset());
    }

    /// Reads what [#write] wrote.
    static Outcome read(In in) throws MalformedException {
      int kind = in.get();
      return switch (kind) {
        case STORED -> new Done(new Appended.Stored(position(in)));
        case REPEATED -> new Done(new Appended.Repeated(position(in)));
        case OUTDATED -> new Done(new Appended.Outdated(position(in)));
        case PASSED -> new Done(new Appended.Passed(position(in)));
        case REFUSED -> new Refused(reason(in.getText()));
        case NOTED -> new Noted(position(in), RollCodec.noted(in));
        default -> throw new MalformedException("unknown outcome " + kind);
      };
    }

    private static Position position(In in) throws MalformedException {
      return new Position(in.getText(), in.getNatural());
    }

    private static StreamException.Reason reason(String name) throws MalformedException {
      for (var reason : StreamException.Reason.values()) {
        if (reason.name().equals(name)) {
          return reason;
        }
      }
      throw new MalformedException("unknown reason");
    }
  }

  /// The last batch of a sender.
  ///
  /// @param seenAt when it came, in milliseconds
  record Last(long number, long seenAt, List<Outcome> outcomes) {}

  /// The last batch of each sender, to answer a second run of it; those silent for longest first.
  static final class Memory {
    private static final int SENDERS_KEPT = 64;
    private static final long KEPT_MILLIS = 600_000;

    private final Map<Long, Last> senders = new LinkedHashMap<>();

    Last last(long sender) {
      return senders.get(sender);
    }

    Map<Long, Last> all() {
      return senders;
    }

    void put(long sender, Last last) {
      // Not replaced in place: the order is that of silence.
      senders.remove(sender);
      senders.put(sender, last);
    }

    void remember(ShardDelta.Step step) {
      put(step.sender(), new Last(step.number(), step.at(), step.outcomes()));
      var silent = senders.keySet().iterator();
      for (int i = 0; i < step.forgotten() && silent.hasNext(); i++) {
        silent.next();
        silent.remove();
      }
    }

    /// How many go when `further` is seen now.
    int toForget(long further, long now) {
      int over = senders.size() + (senders.containsKey(further) ? 0 : 1) - SENDERS_KEPT;
      int forgotten = 0;
      for (var sender : senders.entrySet()) {
        if (forgotten >= over || now - sender.getValue().seenAt() < KEPT_MILLIS) {
          break;
        }
        forgotten += sender.getKey() == further ? 0 : 1;
      }
      return forgotten;
    }
  }
}
