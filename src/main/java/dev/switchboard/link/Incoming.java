package dev.switchboard.link;

import dev.switchboard.link.LinkMessage.Batch;

/// What one end has of its peer's items, and what it knows to be missing.
///
/// Owned by the peer loop. Nothing is kept for later: what comes too early is asked for again. It
/// asks at once for a gap, as later items prove that earlier ones are late or lost; when the ask is
/// under way it waits, and asks again only after ticks without progress, each time longer, since
/// every ask brings everything anew.
final class Incoming {
  private static final int PATIENCE_MIN = 2;
  private static final int PATIENCE_MAX = 16;

  /// What to do with a batch.
  enum Verdict {
    /// Holds the next item.
    NEXT,
    /// Holds nothing new.
    DUPLICATE,
    /// Something before it is missing.
    EARLY
  }

  private long received;
  private long expected;
  private long askedUpTo;
  private int ticks;
  private int patience = PATIENCE_MIN;
  private long untold;

  /// Number up to which every item came.
  long received() {
    return received;
  }

  Verdict judge(Batch batch) {
    if (batch.last() <= received) {
      return Verdict.DUPLICATE;
    }
    boolean next = batch.sequence() == received + 1;
    // Where in a batch the dropped ones were is not said, so it cannot be cut.
    boolean overlapping = batch.sequence() <= received && batch.dropped() == 0;
    return next || overlapping ? Verdict.NEXT : Verdict.EARLY;
  }

  /// Counts a batch as here.
  ///
  /// @param bytes what it took of the peer's window
  void accept(Batch batch, long bytes) {
    received = batch.last();
    untold += bytes;
    ticks = 0;
    patience = PATIENCE_MIN;
  }

  /// The peer says it sent this far. A tick overtakes batches, so this alone proves no loss.
  void expect(long sequence) {
    if (expected <= received && sequence > received) {
      ticks = 0;
    }
    expected = Math.max(expected, sequence);
  }

  /// Whether an early batch calls for asking: not while an earlier ask is unanswered.
  boolean asksForGap() {
    if (received < askedUpTo) {
      return false;
    }
    askedUpTo = expected;
    ticks = 0;
    return true;
  }

  /// Whether a tick calls for asking: something was expected for a while and nothing came.
  boolean asksOnTick() {
    if (expected <= received || ++ticks < patience) {
      return false;
    }
    askedUpTo = expected;
    ticks = 0;
    patience = Math.min(PATIENCE_MAX, 2 * patience);
    return true;
  }

  /// Bytes taken in since the peer was last told.
  long untold() {
    return untold;
  }

  /// The peer is being told what came.
  void tell() {
    untold = 0;
  }

  /// The peer's end is new.
  void clear() {
    received = 0;
    expected = 0;
    askedUpTo = 0;
    ticks = 0;
    patience = PATIENCE_MIN;
    untold = 0;
  }
}
