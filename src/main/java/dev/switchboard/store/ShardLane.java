package dev.switchboard.store;

import dev.switchboard.metrics.StreamMeters;
import dev.switchboard.store.ShardHost.Outcome;
import dev.switchboard.store.ShardHost.Reading;
import dev.switchboard.store.ShardHost.Request;
import dev.switchboard.store.ShardHost.View;
import dev.switchboard.stream.Appended;
import dev.switchboard.stream.Shard;
import dev.switchboard.stream.ShardBatch;
import dev.switchboard.stream.ShardBatch.Item;
import dev.switchboard.stream.ShardResult;
import dev.switchboard.stream.Slice;
import dev.switchboard.stream.StreamException;
import dev.switchboard.stream.StreamException.Reason;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this node wants of one shard. Safe on any thread.
///
/// Writes go in batches, one under way and the next one filling, since only the last batch of a
/// sender can be answered again from memory. So do reads, in a lane of their own: equal ones that
/// wait together are asked once. None joins a read that is under way, whose answer may be older
/// than what its caller already knows of.
final class ShardLane {
  /// After that a caller is told something, whatever it is.
  static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(6);

  private static final Logger LOG = LoggerFactory.getLogger(ShardLane.class);
  private static final long PAUSE_MILLIS_MIN = 5;
  private static final long PAUSE_MILLIS_MAX = 80;
  private static final int ITEMS_MAX = 1_000;
  private static final int BYTES_MAX = 512 * 1_024;

  private final int shard;
  private final Ground ground;
  private final Lane<Errand> writes;
  private final Lane<Read> reads;
  // Of the last batch; belongs to whoever flies writes.
  private long number;
  private volatile Shard.Mark acked = Shard.Mark.NONE;
  private volatile Flight<?> writing;
  private volatile Flight<?> reading;

  /// What all lanes of a node share.
  ///
  /// @param sender incarnation of this node's lanes
  /// @param later does something after so many milliseconds
  record Ground(ShardHost host, long sender, StreamMeters meters, Delay later) {}

  /// A timer.
  interface Delay {
    /// Does some work once, soon after `millis`, on any thread.
    void run(long millis, Runnable work);
  }

  /// What goes with a batch.
  sealed interface Errand {
    /// Who waits for it.
    Pending<?> pending();
  }

  /// A change.
  record Write(Item item, Pending<Appended> pending) implements Errand {}

  /// A note to the roll.
  record Say(Item.Roll item, Pending<Rolls.Taken> pending) implements Errand {}

  /// A look.
  record Read(Reading reading, Pending<Slice> pending) implements Errand {}

  ShardLane(int shard, Ground ground) {
    this.shard = shard;
    this.ground = ground;
    this.writes = new Lane<>(bounds(), this::write);
    this.reads = new Lane<>(bounds(), this::read);
  }

  private static <T extends Errand> Lane.Bounds<T> bounds() {
    return new Lane.Bounds<>(
        ITEMS_MAX, BYTES_MAX, one -> one.pending().bytes(), one -> !one.pending().isAnswered());
  }

  void add(Write write) {
    writes.add(write);
  }

  void add(Say note) {
    writes.add(note);
  }

  void add(Read read) {
    reads.add(read);
  }

  /// Answers those who have waited too long.
  ///
  /// @param now from `System.nanoTime()`
  void tick(long now) {
    var answers = new Pending.Answers();
    giveUp(writes.waiting(), now, answers);
    giveUp(reads.waiting(), now, answers);
    for (Flight<?> flight : new Flight<?>[] {writing, reading}) {
      if (flight != null) {
        flight.giveUp(now, answers);
      }
    }
    answers.tell();
  }

  private void giveUp(Iterable<? extends Errand> waiting, long now, Pending.Answers answers) {
    for (Errand one : waiting) {
      if (!one.pending().isOlder(now, PATIENCE_NANOS)) {
        return;
      }
      fail(one, new StreamException(Reason.UNAVAILABLE, "the stream's owner is too slow"), answers);
    }
  }

  private void write(List<Errand> batch) {
    List<Item> items = new ArrayList<>();
    Set<Reading> readings = new LinkedHashSet<>();
    for (Errand one : batch) {
      switch (one) {
        case Write(var item, var _) -> items.add(item);
        case Say(var item, var _) -> items.add(item);
        case Read(var what, var _) -> readings.add(what);
      }
    }
    var sent = new ShardBatch(ground.sender(), ++number, acked, items);
    int appends = (int) items.stream().filter(Item.Append.class::isInstance).count();
    if (appends > 0) {
      ground.meters().onBatch(appends);
    }
    var request = new Request(Optional.of(sent), acked, List.copyOf(readings));
    writing = new Flight<>(request, batch, writes);
    writing.start();
  }

  private void read(List<Read> batch) {
    Set<Reading> readings = new LinkedHashSet<>();
    for (Read one : batch) {
      if (!readings.add(one.reading())) {
        ground.meters().onRead(StreamMeters.Read.SHARED);
      }
    }
    var request = new Request(Optional.empty(), acked, List.copyOf(readings));
    reading = new Flight<>(request, batch, reads);
    reading.start();
  }

  private void fail(Errand one, StreamException failure, Pending.Answers answers) {
    if (answers.fail(one.pending(), failure)) {
      count(one, failure.reason());
    }
  }

  private void count(Errand one, Reason reason) {
    switch (one) {
      case Write(Item.Append _, var _) -> ground.meters().onAppend(meter(reason));
      case Write _, Say _ -> {}
      case Read _ -> ground.meters().onRead(StreamMeters.Read.FAILED);
    }
  }

  static StreamMeters.Append meter(Reason reason) {
    return switch (reason) {
      case NO_QUORUM -> StreamMeters.Append.NO_QUORUM;
      case INDETERMINATE -> StreamMeters.Append.INDETERMINATE;
      case FULL -> StreamMeters.Append.FULL;
      case UNAVAILABLE -> StreamMeters.Append.UNAVAILABLE;
    };
  }

  private static StreamMeters.Append meter(Appended appended) {
    return switch (appended) {
      case Appended.Stored _ -> StreamMeters.Append.STORED;
      case Appended.Repeated _ -> StreamMeters.Append.REPEATED;
      case Appended.Outdated _ -> StreamMeters.Append.OUTDATED;
      case Appended.Passed _ -> StreamMeters.Append.PASSED;
    };
  }

  /// One request, tried until it is answered or nobody waits any more.
  ///
  /// A batch that is tried again keeps its number, so its owner knows it. Confined to one thread
  /// after the other, but for [#giveUp].
  private final class Flight<T extends Errand> {
    private final Request request;
    private final List<T> passengers;
    private final Lane<T> lane;
    private final long since = System.nanoTime();
    // Up between two tries of what was surely not carried out; who lowers it decides what follows.
    private final AtomicBoolean rests = new AtomicBoolean();
    private boolean doubtful;
    private long pause = PAUSE_MILLIS_MIN;

    Flight(Request request, List<T> passengers, Lane<T> lane) {
      this.request = request;
      this.passengers = passengers;
      this.lane = lane;
    }

    void start() {
      ground.host().ask(shard, request, this::over);
    }

    /// A mistake of ours must not keep everybody waiting who comes later.
    private void over(Outcome outcome) {
      try {
        take(outcome);
      } catch (RuntimeException mistake) {
        LOG.error("An answer of a shard's owner could not be taken in", mistake);
        fail(doubt(mistake.toString()));
      }
    }

    private void take(Outcome outcome) {
      switch (outcome) {
        case Outcome.Answered answered -> land(answered);
        case Outcome.Refused(var reason, var message) -> {
          boolean passes = reason == Reason.UNAVAILABLE || doubtful;
          again(passes, new StreamException(reason, message));
        }
        case Outcome.Unknown(var message) -> {
          doubtful = request.batch().isPresent();
          again(true, new StreamException(Reason.UNAVAILABLE, message));
        }
      }
    }

    private void again(boolean useful, StreamException failure) {
      if (useful && System.nanoTime() - since < PATIENCE_NANOS) {
        ground.meters().onRepeat();
        rests.set(!doubtful);
        ground.later().run(pause, this::retry);
        // Most of what passes is a shard that changes hands, which takes a round trip.
        pause = Math.min(2 * pause, PAUSE_MILLIS_MAX);
        return;
      }
      // A later refusal says nothing of an earlier try.
      fail(doubtful ? doubt(failure.getMessage()) : failure);
    }

    private void retry() {
      if (doubtful || rests.compareAndSet(true, false)) {
        start();
      } else {
        end();
      }
    }

    private void fail(StreamException failure) {
      var answers = new Pending.Answers();
      passengers.forEach(one -> ShardLane.this.fail(one, failure, answers));
      answers.tell();
      end();
    }

    /// Lets go of the lane and of what was sent, which can be half a megabyte.
    private void end() {
      if (writing == this) {
        writing = null;
      } else {
        reading = null;
      }
      lane.landed();
    }

    private StreamException doubt(String message) {
      return new StreamException(
          Reason.INDETERMINATE, "may have been kept; repeat with the same key: " + message);
    }

    /// Tells those who waited too long; a request that may have been carried out goes on.
    void giveUp(long now, Pending.Answers answers) {
      if (now - since > PATIENCE_NANOS) {
        boolean surelyNot = request.batch().isEmpty() || rests.compareAndSet(true, false);
        String text = "the stream's owner does not answer";
        var failure = surelyNot ? new StreamException(Reason.UNAVAILABLE, text) : doubt(text);
        passengers.forEach(one -> ShardLane.this.fail(one, failure, answers));
      }
    }

    private void land(Outcome.Answered answered) {
      var answers = new Pending.Answers();
      answered.result().ifPresent(result -> told(result, answers));
      List<Reading> readings = request.readings();
      for (T one : passengers) {
        if (one instanceof Read read) {
          show(read, answered.views().get(readings.indexOf(read.reading())), answers);
        }
      }
      answers.tell();
      end();
    }

    private void told(ShardResult result, Pending.Answers answers) {
      if (!result.mark().equals(Shard.Mark.NONE)) {
        acked = result.mark();
      }
      Iterator<ShardResult.Outcome> outcomes = result.outcomes().iterator();
      for (Errand one : passengers) {
        switch (one) {
          case Write(Item.Append _, var pending) -> tell(pending, outcomes.next(), answers);
          case Write(var _, var pending) -> answers.succeed(pending, null);
          case Say(var _, var pending) -> say(pending, outcomes.next(), answers);
          case Read _ -> {}
        }
      }
    }

    private void tell(
        Pending<Appended> pending, ShardResult.Outcome outcome, Pending.Answers answers) {
      switch (outcome) {
        case ShardResult.Outcome.Done(var appended) -> {
          if (answers.succeed(pending, appended)) {
            ground.meters().onAppend(meter(appended));
          }
        }
        case ShardResult.Outcome.Noted _ -> throw new IllegalStateException("a note, not a draft");
        case ShardResult.Outcome.Refused(var reason) -> {
          if (answers.fail(pending, limit(reason))) {
            ground.meters().onAppend(meter(reason));
          }
        }
      }
    }

    private void say(
        Pending<Rolls.Taken> pending, ShardResult.Outcome outcome, Pending.Answers answers) {
      switch (outcome) {
        case ShardResult.Outcome.Noted(var top, var answer) ->
            answers.succeed(pending, new Rolls.Taken(top, answer));
        case ShardResult.Outcome.Refused(var reason) -> answers.fail(pending, limit(reason));
        case ShardResult.Outcome.Done _ -> throw new IllegalStateException("a draft, not a note");
      }
    }

    private static StreamException limit(Reason reason) {
      return new StreamException(reason, "a limit of stream.* is reached");
    }

    private void show(Read read, View view, Pending.Answers answers) {
      switch (view) {
        case View.Found(var slice) -> {
          if (answers.succeed(read.pending(), slice)) {
            ground.meters().onRead(StreamMeters.Read.FOUND);
          }
        }
        case View.Unsafe() -> {
          ground.meters().onRead(StreamMeters.Read.UNSAFE);
          writes.add(read);
        }
        case View.Later() -> reads.add(read);
      }
    }
  }
}
