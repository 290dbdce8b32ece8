package dev.switchboard.interest;

import java.util.Objects;

/// What nodes tell each other about interest: the items that cross a link, in order.
///
/// The arrays are shared, never copied and never changed after they were handed over. All of it is
/// idempotent: telling something twice changes nothing.
public sealed interface InterestNews {
  /// How many parts the set of hashes has; the top byte of a hash says which one it is in.
  int SHARDS = 256;

  /// The shard that a hash is in, 0 to 255.
  static int shardOf(long hash) {
    return (int) (hash >>> 56);
  }

  /// What changed in one turn of the sender's peer loop. No hash is in both.
  ///
  /// @param added hashes the node is interested in from now on
  /// @param removed hashes it is no longer interested in
  record Delta(long[] added, long[] removed) implements InterestNews {
    /// Whether it says nothing.
    public boolean isEmpty() {
      return added.length == 0 && removed.length == 0;
    }
  }

  /// All hashes of one shard; replaces what the receiver has of it.
  ///
  /// @param index the shard, 0 to 255
  /// @param hashes its hashes, in any order
  record Shard(int index, long[] hashes) implements InterestNews {
    /// Refuses what the wire form could not carry: a hash of another shard.
    public Shard {
      Objects.checkIndex(index, SHARDS);
      for (long hash : hashes) {
        if (shardOf(hash) != index) {
          throw new IllegalArgumentException("A hash of shard " + shardOf(hash) + " in " + index);
        }
      }
    }
  }

  /// Everything was told since the link opened; shards that were not are empty.
  record Complete() implements InterestNews {}

  /// What the receiver's table must add up to at this place of the stream.
  ///
  /// @param perShard a digest of each of the 256 shards
  record Digest(long[] perShard) implements InterestNews {
    /// Refuses any other number of shards.
    public Digest {
      if (perShard.length != SHARDS) {
        throw new IllegalArgumentException("A digest of " + perShard.length + " shards");
      }
    }

    /// One number for all shards.
    static long total(long[] perShard) {
      long total = 0;
      for (long digest : perShard) {
        total ^= digest;
      }
      return total;
    }

    /// What a hash adds to (and takes from) the digest of its shard, by xor.
    ///
    /// Mixed, or sets of hashes that differ in the same bits would cancel out: the finalizer of
    /// SplitMix64.
    static long mixed(long hash) {
      long mixed = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
      mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
      return mixed ^ mixed >>> 31;
    }
  }

  /// The digest differed in these shards: tell them again.
  ///
  /// @param shards which ones, 0 to 255, ascending
  record Wanted(int[] shards) implements InterestNews {
    /// Refuses a shard that does not exist.
    public Wanted {
      for (int shard : shards) {
        Objects.checkIndex(shard, SHARDS);
      }
    }
  }
}
