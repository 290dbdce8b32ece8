package dev.switchboard.stream;

/// The logs of all channels with one hash: what is owned, copied and moved as one.
///
/// Confined to whoever holds it: a partition's thread, or the local store. The owner applies
/// batches, the backup the deltas that come out of them. Why one thing for many channels: a copy
/// has all of it up to some batch or nothing at all, which is what epochs rest on.
public final class Shard {
  /// How many there are; fixed, as every node must agree on it.
  public static final int COUNT = 1_024;

  /// A place in the life of a shard that no other life of it shares.
  ///
  /// @param sequence of the last batch that changed something; 0 before the first
  /// @param stamp made of all that happened before: two owners that went different ways may count
  ///   alike, but never have the same stamp
  public record Mark(long sequence, long stamp) {
    /// Of a sender that knows of nothing yet.
    public static final Mark NONE = new Mark(0, 0);
  }

  /// An empty shard.
  ///
  /// @param generation random and not 0: where the epochs of new logs come from
  public Shard(long generation) {
    throw new UnsupportedOperationException();
  }

  /// A copy that begins with its first delta.
  ///
  /// @throws HoleException when something came before
  public static Shard of(ShardDelta delta) throws HoleException {
    throw new UnsupportedOperationException();
  }

  /// Which shard a channel is in: 0 to `COUNT` - 1, the same on every node and in every release.
  public static int of(String channel) {
    throw new UnsupportedOperationException();
  }

  /// Carries out a batch, on the owner; [#delta] then has what the backup must hold before the
  /// result may be told.
  ///
  /// A batch that was the sender's last one already is answered from memory.
  ///
  /// @throws StreamException UNAVAILABLE for a batch older than the sender's last one; nothing
  ///   changed then. An append that cannot be done is an outcome instead and stops no other.
  public ShardResult apply(ShardBatch batch, long nowMillis, ShardLimits limits) {
    throw new UnsupportedOperationException();
  }

  /// Everything that is not known to be on the backup.
  public ShardDelta delta() {
    throw new UnsupportedOperationException();
  }

  /// Takes over what the owner decided, on the backup. Parts that are here already are skipped.
  ///
  /// @throws HoleException when something before it is missing here; nothing changed then
  public void apply(ShardDelta delta) throws HoleException {
    throw new UnsupportedOperationException();
  }

  /// Believes that everything up to a mark is on the backup; a mark that is not of here is ignored.
  ///
  /// Without a backup, call it with the mark of each result.
  public void acknowledge(Mark mark) {
    throw new UnsupportedOperationException();
  }

  /// Reads what is safe.
  ///
  /// A log silent for longer than its meta is kept is served until a sweep takes it.
  ///
  /// @param acked as in a batch
  /// @param bytesMax of the publications returned; one is returned even if it is larger
  /// @throws UnsafeException when the answer would differ by what is not known to be on the backup
  public Slice read(String channel, Query query, Mark acked, long nowMillis, int bytesMax)
      throws UnsafeException {
    throw new UnsupportedOperationException();
  }

  /// Reads everything; to be shown only once a delta taken afterwards reached the backup.
  ///
  /// So a read can ride on an empty batch and needs no second try on a busy stream.
  public Slice readAhead(String channel, Query query, long nowMillis, int bytesMax) {
    throw new UnsupportedOperationException();
  }

  /// Where it is.
  public Mark mark() {
    throw new UnsupportedOperationException();
  }

  /// Up to where it is known to be on the backup too.
  public Mark acked() {
    throw new UnsupportedOperationException();
  }

  /// How many logs it has.
  public int logs() {
    throw new UnsupportedOperationException();
  }

  /// About how much memory it takes.
  public long bytes() {
    throw new UnsupportedOperationException();
  }
}
