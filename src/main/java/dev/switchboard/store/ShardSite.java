package dev.switchboard.store;

import dev.switchboard.metrics.StreamMeters;
import dev.switchboard.quorum.Standing;
import dev.switchboard.store.ShardHost.Outcome;
import dev.switchboard.store.ShardHost.Reading;
import dev.switchboard.store.ShardHost.Request;
import dev.switchboard.store.ShardHost.View;
import dev.switchboard.store.ShardTitles.Holders;
import dev.switchboard.stream.HoleException;
import dev.switchboard.stream.Shard;
import dev.switchboard.stream.ShardBatch.Item;
import dev.switchboard.stream.ShardDelta;
import dev.switchboard.stream.ShardLimits;
import dev.switchboard.stream.ShardResult;
import dev.switchboard.stream.Slice;
import dev.switchboard.stream.StreamException;
import dev.switchboard.stream.StreamException.Reason;
import dev.switchboard.stream.UnsafeException;
import dev.switchboard.tenure.GaveUp;
import dev.switchboard.tenure.GiveUp;
import dev.switchboard.tenure.Title;
import dev.switchboard.tenure.Verdict;
import dev.switchboard.tenure.Verdict.Doubt;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// This node as a place where shards are: its clock, its limits, its say about the cluster.
///
/// Safe on any thread; each shard is touched only by the thread that owns it. The counts have one
/// writer per shard.
final class ShardSite {
  private static final Logger LOG = LoggerFactory.getLogger(ShardSite.class);
  // Beyond it further readings of one request wait for the next one.
  private static final int ANSWER_BYTES_MAX = 1 << 20;
  // Nodes that merge come one after the other, at intervals of 5 s at most; one whose cable was out
  // hears of the others again up to 13 s after that, as TCP tries at longer and longer intervals.
  private static final long DOUBT_MILLIS = TimeUnit.SECONDS.toMillis(30);

  // Far above what a copy takes that is well.
  private static final long CONFIRM_MILLIS = TimeUnit.SECONDS.toMillis(2);

  private final InstantSource clock;
  private final Bounds bounds;
  private final Supplier<Standing> standing;
  private final ShardTitles titles;
  private final LongSupplier random;
  private volatile Supplier<Set<Long>> members = Set::of;
  private final StreamMeters meters;
  private final AtomicLongArray logs = new AtomicLongArray(Shard.COUNT);
  private final AtomicLongArray bytes = new AtomicLongArray(Shard.COUNT);
  // When the shard was first found in doubt; 0 while it is not.
  private final AtomicLongArray doubted = new AtomicLongArray(Shard.COUNT);
  private final AtomicIntegerArray renewed = new AtomicIntegerArray(Doubt.values().length);
  private final AtomicLong allLogs = new AtomicLong();
  private final AtomicLong allBytes = new AtomicLong();

  /// @param pageBytesMax of one answer to a reading
  /// @param logsMax of the whole node, copies included
  record Bounds(ShardLimits shard, int pageBytesMax, long logsMax) {}

  /// What tells a site about the world.
  ///
  /// @param clock decides about ages
  /// @param standing what is known of the nodes that count; asked for each request, on threads that
  ///   must not wait
  /// @param questions to other holders of shards
  /// @param random for the generation of a new shard
  record Senses(
      InstantSource clock,
      Supplier<Standing> standing,
      HolderQuestions questions,
      LongSupplier random) {}

  ShardSite(Senses senses, Bounds bounds, StreamMeters meters) {
    this.clock = senses.clock();
    this.standing = senses.standing();
    this.titles = new ShardTitles(senses.questions(), meters);
    this.random = senses.random();
    this.bounds = bounds;
    this.meters = meters;
  }

  /// Says who the nodes of the cluster are; asked on the threads of partitions.
  void knows(Supplier<Set<Long>> incarnations) {
    members = incarnations;
  }

  /// A shard after a request, and the answer.
  ///
  /// @param shard null when there still is none
  record Visit(Shard shard, Outcome outcome) {}

  /// Carries a request out on a shard this node owns.
  ///
  /// @param number which shard it is
  /// @param shard null when there is none yet
  /// @param holders whom the partition table names
  Visit visit(int number, Shard shard, Request request, Holders holders) {
    Standing now = standing.get();
    if (request.batch().isEmpty()) {
      boolean serves = shard != null && titles.serves(number, shard, now);
      return new Visit(
          shard, new Outcome.Answered(Optional.empty(), views(shard, serves, request)));
    }
    if (!now.quorum()) {
      return new Visit(shard, noQuorum());
    }
    if (shard == null && isHousekeeping(request)) {
      var nothing = new ShardResult(Shard.Mark.NONE, List.of());
      return new Visit(null, new Outcome.Answered(Optional.of(nothing), List.of()));
    }
    Verdict verdict = titles.verdict(number, shard, holders, now);
    if (verdict instanceof Verdict.Renew(var _, var doubt) && mayPass(number, doubt)) {
      return new Visit(shard, wait("whoever had the stream last may still come back; try again"));
    }
    return switch (verdict) {
      case Verdict.GoOn() -> {
        Visit visit = append(number, shard, request);
        if (holders.backup() != 0 && clock.millis() - shard.unconfirmedSince() > CONFIRM_MILLIS) {
          titles.suspect(number, shard, holders, now);
        }
        yield visit;
      }
      case Verdict.Retitle(Title title) -> {
        meters.onTitle(StreamMeters.Title.TAKEN);
        shard.retitle(title);
        titles.hold(number, shard);
        yield append(number, shard, request);
      }
      case Verdict.Renew(Title title, var doubt) -> {
        meters.onTitle(shard == null ? StreamMeters.Title.NEW : StreamMeters.Title.RENEWED);
        if (shard != null) {
          renewed.incrementAndGet(doubt.ordinal());
          LOG.atDebug()
              .addKeyValue("shard", number)
              .addKeyValue("reason", doubt)
              .addKeyValue("copy", shard.copy())
              .log("streams begin anew, with new epochs");
        }
        yield append(number, new Shard(generation(), title), request);
      }
      case Verdict.Ask _ -> new Visit(shard, wait("the stream is changing hands; try again"));
      case Verdict.Refuse() ->
          new Visit(shard, wait("it is not agreed yet which nodes count; try again"));
    };
  }

  /// Whether it is too early to give a shard up: nodes may still bring a copy that is in no doubt,
  /// or say that nobody else has one.
  private boolean mayPass(int number, Doubt doubt) {
    if (doubt == Doubt.NO_COPY || doubt == Doubt.OTHER_LINEAGE) {
      return false;
    }
    long time = clock.millis();
    doubted.compareAndSet(number, 0, time);
    return time - doubted.get(number) < DOUBT_MILLIS;
  }

  private Visit append(int number, Shard shard, Request request) {
    try {
      var batch = request.batch().orElseThrow().asSeenBy(members);
      ShardResult result = shard.apply(batch, clock.millis(), limits());
      doubted.set(number, 0);
      return new Visit(
          shard, new Outcome.Answered(Optional.of(result), viewsAhead(shard, request)));
    } catch (StreamException refused) {
      return new Visit(shard, new Outcome.Refused(refused.reason(), refused.getMessage()));
    } finally {
      titles.hold(number, shard);
      count(number, shard);
    }
  }

  /// Logs what began anew since the last call: after a loss it may be many at once.
  void report() {
    for (Doubt doubt : Doubt.values()) {
      int shards = renewed.getAndSet(doubt.ordinal(), 0);
      if (shards > 0) {
        LOG.atInfo()
            .addKeyValue("shards", shards)
            .addKeyValue("reason", doubt)
            .log("streams begin anew, with new epochs");
      }
    }
  }

  private static Outcome wait(String message) {
    return new Outcome.Refused(Reason.UNAVAILABLE, message);
  }

  /// Takes over on a copy what its owner decided.
  ///
  /// @param shard null when there is none yet
  /// @return the shard with it
  /// @throws HoleException when this node must not confirm it
  Shard copy(int number, Shard shard, ShardDelta delta) throws HoleException {
    if (!titles.accepts(number, delta, shard, standing.get())) {
      meters.onHole();
      throw new HoleException(shard == null ? Shard.Mark.NONE : shard.mark(), delta);
    }
    Shard taken = shard;
    if (shard == null || shard.identity().origin() != delta.identity().origin()) {
      taken = Shard.of(delta);
    } else {
      shard.apply(delta);
    }
    titles.hold(number, taken);
    count(number, taken);
    return taken;
  }

  /// Gives a shard up for another node.
  ///
  /// @param shard null when there is none here
  GaveUp giveUp(GiveUp question, Shard shard) {
    return titles.giveUp(question, shard, standing.get());
  }

  /// Whether a node's stay is that of a voter, as far as is agreed.
  boolean isStay(long incarnation, long voter) {
    return standing.get().voter(incarnation).filter(one -> one == voter).isPresent();
  }

  private static Outcome noQuorum() {
    return new Outcome.Refused(
        Reason.NO_QUORUM, "too few nodes of the cluster are together; try again later");
  }

  private static boolean isHousekeeping(Request request) {
    return request.readings().isEmpty()
        && !request.batch().orElseThrow().items().isEmpty()
        && request.batch().orElseThrow().items().stream().allMatch(Item.Sweep.class::isInstance);
  }

  /// A random number for a shard that begins, never 0.
  private long generation() {
    long generation = random.getAsLong();
    return generation == 0 ? 1 : generation;
  }

  /// The bounds of a shard, tighter when the whole node is full.
  private ShardLimits limits() {
    ShardLimits limits = bounds.shard();
    return streams() < bounds.logsMax()
        ? limits
        : new ShardLimits(
            limits.bytesMax(), limits.idempotencyKeysMax(), limits.idempotencyTtl(), 0);
  }

  private List<View> views(Shard shard, boolean serves, Request request) {
    var views = new Views();
    for (Reading one : request.readings()) {
      views.add(
          () ->
              serves
                  ? safe(shard, one, request.acked(), clock.millis(), bounds.pageBytesMax())
                  : new View.Unsafe());
    }
    return views.all;
  }

  private static View safe(Shard shard, Reading one, Shard.Mark acked, long now, int bytesMax) {
    try {
      return new View.Found(shard.read(one.channel(), one.query(), acked, now, bytesMax));
    } catch (UnsafeException unsafe) {
      return new View.Unsafe();
    }
  }

  private List<View> viewsAhead(Shard shard, Request request) {
    var views = new Views();
    for (Reading one : request.readings()) {
      views.add(
          () ->
              new View.Found(
                  shard.readAhead(
                      one.channel(), one.query(), clock.millis(), bounds.pageBytesMax())));
    }
    return views.all;
  }

  /// Notes what a shard takes here, as owner or copy; on the thread that has the shard.
  void count(int number, Shard shard) {
    note(number, shard.logs(), shard.bytes());
  }

  /// Notes that a shard is not here any more.
  void forget(int number) {
    note(number, 0, 0);
  }

  private void note(int number, long logsNow, long bytesNow) {
    allLogs.addAndGet(logsNow - logs.getAndSet(number, logsNow));
    allBytes.addAndGet(bytesNow - bytes.getAndSet(number, bytesNow));
  }

  /// Streams on this node, copies included.
  long streams() {
    return allLogs.get();
  }

  /// Bytes of them.
  long bytes() {
    return allBytes.get();
  }

  /// Answers of one request, with a bound.
  private static final class Views {
    private final List<View> all = new ArrayList<>();
    private long size;

    void add(Supplier<View> look) {
      View view = size > ANSWER_BYTES_MAX ? new View.Later() : look.get();
      all.add(view);
      size += view instanceof View.Found(Slice slice) ? size(slice) : 0;
    }

    private static long size(Slice slice) {
      return slice.publications().stream().mapToLong(one -> one.data().length).sum();
    }
  }
}
