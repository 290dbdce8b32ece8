package dev.switchboard.stream;

/// A copy lacks something that comes before what it was sent, or went another way.
///
/// It must not be repaired by guessing: the copy counts as missing until it was copied whole.
public final class HoleException extends Exception {
  private static final long serialVersionUID = 1L;

  /// @param own where the copy is
  /// @param delta what it was sent
  public HoleException(Shard.Mark own, ShardDelta delta) {
    super(
        "holds " + own + ", sent " + delta.base() + " to " + delta.end() + ": copy the shard whole",
        null,
        false,
        false);
  }
}
