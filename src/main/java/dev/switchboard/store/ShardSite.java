package dev.switchboard.store;

import dev.switchboard.metrics.StreamMeters;
import dev.switchboard.store.ShardHost.Outcome;
import dev.switchboard.store.ShardHost.Reading;
import dev.switchboard.store.ShardHost.Request;
import dev.switchboard.store.ShardHost.View;
import dev.switchboard.stream.Shard;
import dev.switchboard.stream.ShardBatch;
import dev.switchboard.stream.ShardBatch.Item;
import dev.switchboard.stream.ShardLimits;
import dev.switchboard.stream.ShardResult;
import dev.switchboard.stream.Slice;
import dev.switchboard.stream.StreamException;
import dev.switchboard.stream.StreamException.Reason;
import dev.switchboard.stream.UnsafeException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// This node as a place where shards are: its clock, its limits, its say about the cluster.
///
/// Safe on any thread; each shard is touched only by the thread that owns it. The counts have one
/// writer per shard.
final class ShardSite {
  // Beyond it further readings of one request wait for the next one.
  private static final int ANSWER_BYTES_MAX = 1 << 20;

  private final InstantSource clock;
  private final Bounds bounds;
  private final BooleanSupplier quorum;
  private final LongSupplier random;
  private final StreamMeters meters;
  private final AtomicLongArray logs = new AtomicLongArray(Shard.COUNT);
  private final AtomicLongArray bytes = new AtomicLongArray(Shard.COUNT);
  private final AtomicLong allLogs = new AtomicLong();
  private final AtomicLong allBytes = new AtomicLong();

  /// @param pageBytesMax of one answer to a reading
  /// @param logsMax of the whole node, copies included
  record Bounds(ShardLimits shard, int pageBytesMax, long logsMax) {}

  /// What tells a site about the world.
  ///
  /// @param clock decides about ages
  /// @param quorum whether this side of the cluster may accept anything now; asked for each batch,
  ///   on threads that must not wait
  /// @param random for the generation of a new shard
  record Senses(InstantSource clock, BooleanSupplier quorum, LongSupplier random) {}

  ShardSite(Senses senses, Bounds bounds, StreamMeters meters) {
    this.clock = senses.clock();
    this.quorum = senses.quorum();
    this.random = senses.random();
    this.bounds = bounds;
    this.meters = meters;
  }

  /// A shard after a request, and the answer.
  ///
  /// @param shard null when there still is none
  record Visit(Shard shard, Outcome outcome) {}

  /// Carries a request out on a shard this node owns.
  ///
  /// @param number which shard it is
  /// @param shard null when there is none yet
  Visit visit(int number, Shard shard, Request request) {
    if (request.batch().isEmpty()) {
      return new Visit(shard, new Outcome.Answered(Optional.empty(), views(shard, request)));
    }
    ShardBatch batch = request.batch().get();
    if (!quorum.getAsBoolean()) {
      return new Visit(shard, noQuorum());
    }
    if (shard == null && isHousekeeping(request)) {
      var nothing = new ShardResult(Shard.Mark.NONE, List.of());
      return new Visit(null, new Outcome.Answered(Optional.of(nothing), List.of()));
    }
    Shard there = shard == null ? new Shard(generation()) : shard;
    try {
      ShardResult result = there.apply(batch, clock.millis(), limits());
      return new Visit(
          there, new Outcome.Answered(Optional.of(result), viewsAhead(there, request)));
    } catch (StreamException refused) {
      return new Visit(shard, new Outcome.Refused(refused.reason(), refused.getMessage()));
    } finally {
      count(number, there);
    }
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

  private List<View> views(Shard shard, Request request) {
    var views = new Views();
    for (Reading one : request.readings()) {
      views.add(
          () ->
              shard == null
                  ? new View.Unsafe()
                  : safe(shard, one, request.acked(), clock.millis(), bounds.pageBytesMax()));
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

  /// A copy could not take a delta.
  void onHole() {
    meters.onHole();
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
