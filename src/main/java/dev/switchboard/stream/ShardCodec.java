package dev.switchboard.stream;

import dev.switchboard.protocol.MalformedException;

/// The bytes in which nodes pass on shards, batches, deltas and results. Pure functions.
public final class ShardCodec {
  private ShardCodec() {}

  /// A whole shard, as for a move to another node.
  public static byte[] encode(Shard shard) {
    throw new UnsupportedOperationException();
  }

  /// A batch.
  public static byte[] encode(ShardBatch batch) {
    throw new UnsupportedOperationException();
  }

  /// A delta.
  public static byte[] encode(ShardDelta delta) {
    throw new UnsupportedOperationException();
  }

  /// A result.
  public static byte[] encode(ShardResult result) {
    throw new UnsupportedOperationException();
  }

  /// The shard in `bytes`.
  public static Shard shard(byte[] bytes) throws MalformedException {
    throw new UnsupportedOperationException();
  }

  /// The batch in `bytes`.
  public static ShardBatch batch(byte[] bytes) throws MalformedException {
    throw new UnsupportedOperationException();
  }

  /// The delta in `bytes`.
  public static ShardDelta delta(byte[] bytes) throws MalformedException {
    throw new UnsupportedOperationException();
  }

  /// The result in `bytes`.
  public static ShardResult result(byte[] bytes) throws MalformedException {
    throw new UnsupportedOperationException();
  }
}
