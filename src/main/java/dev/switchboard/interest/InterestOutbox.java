package dev.switchboard.interest;

import static dev.switchboard.interest.InterestNews.SHARDS;
import static dev.switchboard.interest.InterestNews.shardOf;

import dev.switchboard.interest.InterestNews.Complete;
import dev.switchboard.interest.InterestNews.Delta;
import dev.switchboard.interest.InterestNews.Wanted;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Predicate;

/// What one peer still has to be told of our interest. Owned by the peer loop.
///
/// Nothing waits here but marks: a delta that the link has no room for makes its shards dirty, and
/// a dirty shard is told whole once there is room. So a slow peer costs two bits for each shard,
/// whatever changes meanwhile.
public final class InterestOutbox {
  private final LocalInterest local;

  // To be told whole.
  private final BitSet dirty = new BitSet(SHARDS);

  // The peer's copy is ours but for deltas: told whole since opening, or empty at completion.
  private final BitSet told = new BitSet(SHARDS);
  private Delta pending;
  private boolean opened;
  private boolean complete;
  private long due;
  private long sentVersion;
  private int next;

  /// For a peer that knows nothing; tells nothing before [#onOpened].
  public InterestOutbox(LocalInterest local) {
    this.local = local;
  }

  /// The peer's end of the link is new: everything has to be told, and nothing is known.
  public void onOpened() {
    opened = true;
    pending = null;
    complete = false;
    sentVersion = 0;
    due = local.version();
    told.clear();
    dirty.clear();
    for (int shard = 0; shard < SHARDS; shard++) {
      dirty.set(shard, !local.isEmpty(shard));
    }
  }

  /// A turn has ended with these changes, as [LocalInterest#endTurn] returned them; empty ones too.
  public void onChange(Delta delta) {
    mark(pending);
    pending = delta;
    due = local.version();
  }

  /// The peer's digest differs from ours in these shards.
  public void onWanted(Wanted wanted) {
    for (int shard : wanted.shards()) {
      dirty.set(shard);
    }
  }

  /// Tells what there is room for: after [#onChange], [#onOpened] and [#onWanted], and on room.
  ///
  /// A delta is offered as it is (the same object to each outbox) if the peer lacks nothing else.
  ///
  /// @param offer hands news to the link; false means no room, which ends this round
  public void pump(Predicate<InterestNews> offer) {
    if (opened && tellPending(offer) && tellDirty(offer) && tellComplete(offer)) {
      sentVersion = due;
    }
  }

  /// Lets the peer compare, unless it is known to differ or a turn is not over: then later.
  ///
  /// @return whether the digest was taken
  public boolean offerDigest(Predicate<InterestNews> offer) {
    return upToDate() && !local.inTurn() && offer.test(local.digests());
  }

  /// The highest version of [LocalInterest] that was handed to the link with everything before it.
  ///
  /// 0 again after [#onOpened], until everything was told.
  public long sentVersion() {
    return sentVersion;
  }

  /// Whether everything was told since [#onOpened], with the word that it is everything.
  public boolean complete() {
    return complete;
  }

  /// How many shards wait to be told whole.
  public int dirtyShards() {
    return dirty.cardinality();
  }

  private boolean upToDate() {
    return complete && dirty.isEmpty() && pending == null;
  }

  private boolean tellPending(Predicate<InterestNews> offer) {
    Delta delta = pending == null ? null : sifted(pending);
    pending = null;
    boolean taken = delta == null || delta.isEmpty() || offer.test(delta);
    if (!taken) {
      mark(delta);
    }
    return taken;
  }

  // In a circle, or the first shards could keep the last ones waiting.
  private boolean tellDirty(Predicate<InterestNews> offer) {
    while (!dirty.isEmpty()) {
      int shard = dirty.nextSetBit(next);
      shard = shard < 0 ? dirty.nextSetBit(0) : shard;
      if (!offer.test(local.shard(shard))) {
        return false;
      }
      dirty.clear(shard);
      told.set(shard);
      next = shard + 1;
    }
    return true;
  }

  private boolean tellComplete(Predicate<InterestNews> offer) {
    if (!complete && offer.test(new Complete())) {
      complete = true;
      told.set(0, SHARDS);
    }
    return complete;
  }

  private void mark(Delta delta) {
    if (delta != null) {
      Arrays.stream(delta.added()).forEach(hash -> dirty.set(shardOf(hash)));
      Arrays.stream(delta.removed()).forEach(hash -> dirty.set(shardOf(hash)));
    }
  }

  // Without what will be told with its shard; a shard that was never told becomes one of these.
  private Delta sifted(Delta delta) {
    if (dirty.isEmpty() && complete) {
      return delta;
    }
    return new Delta(sifted(delta.added()), sifted(delta.removed()));
  }

  private long[] sifted(long[] hashes) {
    return Arrays.stream(hashes).filter(hash -> !toldWhole(shardOf(hash))).toArray();
  }

  private boolean toldWhole(int shard) {
    if (!told.get(shard)) {
      dirty.set(shard);
    }
    return dirty.get(shard);
  }
}
