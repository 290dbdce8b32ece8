package dev.switchboard.stream;

/// The answer would show what may still be lost with its owner.
///
/// An empty batch makes everything safe; then the read can be repeated. On a busy stream repeat it
/// with [Shard#readAhead] right behind an empty batch, or new appends may always be in the way.
public final class UnsafeException extends Exception {
  private static final long serialVersionUID = 1L;

  UnsafeException(long changed, long acked) {
    super("changed by batch " + changed + ", safe up to " + acked, null, false, false);
  }
}
