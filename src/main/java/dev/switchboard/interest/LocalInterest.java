package dev.switchboard.interest;

import static dev.switchboard.interest.InterestNews.SHARDS;
import static dev.switchboard.interest.InterestNews.shardOf;

import dev.switchboard.interest.InterestNews.Delta;
import dev.switchboard.interest.InterestNews.Digest;
import dev.switchboard.interest.InterestNews.Shard;
import java.util.Arrays;

/// What this node is interested in, and which of its event loops are. Owned by the peer loop.
///
/// A change belongs to a turn of the peer loop, which [#endTurn] ends: then the changes become one
/// delta for the peers, and a turn that added something makes a new version. A version is what a
/// claim waits for: peers that know it know everything that was added up to it.
public final class LocalInterest {
  /// How many event loops a node may have: a bit of a `long` each.
  public static final int LOOPS_MAX = Long.SIZE;

  // What a hash that a turn touched was before it.
  private static final long KNOWN = 1;
  private static final long UNKNOWN = 2;

  private final LongTable[] shards = new LongTable[SHARDS];
  private final long[] digests = new long[SHARDS];
  private int size;
  private long version;

  private LongTable touched = new LongTable();
  private boolean grew;
  private boolean seen;

  /// Nothing, at version 0.
  public LocalInterest() {
    Arrays.setAll(shards, _ -> new LongTable());
  }

  /// Adds a loop's interest in a hash.
  ///
  /// @param loop 0 to 63
  /// @return whether no loop of the node had it: the peers have to be told
  public boolean add(long hash, int loop) {
    if (!RouteHash.isName(hash)) {
      throw new IllegalArgumentException("0 and 1 are no hashes");
    }
    LongTable shard = shards[shardOf(hash)];
    long loops = shard.get(hash);
    shard.put(hash, loops | bit(loop));
    if (loops != 0) {
      return false;
    }
    changed(hash, UNKNOWN);
    size++;
    grew = true;
    return true;
  }

  /// Takes a loop's interest in a hash back; does nothing if it has none.
  ///
  /// @param loop 0 to 63
  /// @return whether it was the last loop of the node: the peers have to be told
  public boolean remove(long hash, int loop) {
    LongTable shard = shards[shardOf(hash)];
    long loops = shard.get(hash);
    long left = loops & ~bit(loop);
    if (left != 0) {
      shard.put(hash, left);
    }
    if (left != 0 || loops == 0) {
      return false;
    }
    shard.remove(hash);
    changed(hash, KNOWN);
    size--;
    return true;
  }

  /// Which loops are interested in a hash: bit `n` for loop `n`.
  public long loops(long hash) {
    return shards[shardOf(hash)].get(hash);
  }

  /// Ends the turn: what is different from its beginning, for every [InterestOutbox].
  ///
  /// A hash that came and went within the turn is not in it. The version counts up even so when
  /// anything was added, because somebody may wait for it.
  public Delta endTurn() {
    if (touched.size() == 0) {
      return new Delta(new long[0], new long[0]);
    }
    Delta delta = new Delta(touched(true), touched(false));
    touched = new LongTable();
    version += grew ? 1 : 0;
    grew = false;
    seen = false;
    return delta;
  }

  /// The version that the last ended turn made, from 0.
  public long version() {
    return version;
  }

  /// The version that a claim made now has to wait for: the one this turn will make, if it will.
  public long claimVersion() {
    return grew ? version + 1 : version;
  }

  /// Whether something changed since the last turn ended.
  public boolean inTurn() {
    return touched.size() > 0;
  }

  /// How many hashes the node is interested in.
  public int size() {
    return size;
  }

  /// A digest of all hashes, whatever their order; equal to [PeerInterest#digest] of the same.
  public long digest() {
    return Digest.total(digests);
  }

  /// The digest of each shard as it is now, so best taken between turns.
  public Digest digests() {
    return new Digest(digests.clone());
  }

  /// Whether a shard has no hashes.
  ///
  /// @param shard 0 to 255
  public boolean isEmpty(int shard) {
    observed();
    return shards[shard].size() == 0;
  }

  /// All hashes of a shard as it is now.
  ///
  /// @param shard 0 to 255
  public Shard shard(int shard) {
    observed();
    return new Shard(shard, shards[shard].hashes());
  }

  /// Bytes that the tables take.
  long bytes() {
    return Arrays.stream(shards).mapToLong(LongTable::bytes).sum();
  }

  // A peer that is told half a turn must be told its other half, even if both cancel out.
  private void observed() {
    seen |= inTurn();
  }

  private static long bit(int loop) {
    if (loop < 0 || loop >= LOOPS_MAX) {
      throw new IllegalArgumentException("Loop " + loop + " of at most " + LOOPS_MAX);
    }
    return 1L << loop;
  }

  private void changed(long hash, long before) {
    digests[shardOf(hash)] ^= Digest.mixed(hash);
    if (touched.get(hash) == 0) {
      touched.put(hash, before);
    }
  }

  // The touched hashes that are in now, or those that are out, without those that were so before.
  private long[] touched(boolean in) {
    return Arrays.stream(touched.hashes())
        .filter(hash -> loops(hash) != 0 == in)
        .filter(hash -> seen || touched.get(hash) == KNOWN != in)
        .toArray();
  }
}
