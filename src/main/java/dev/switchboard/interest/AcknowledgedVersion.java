package dev.switchboard.interest;

import java.util.ArrayDeque;
import java.util.Deque;

/// Which version of our interest one peer has acknowledged. Owned by the peer loop.
///
/// Remembers which link sequence carried the end of which version, one entry for each version that
/// is not acknowledged; as those share sequences at most one each, that is no more than the link
/// has unacknowledged batches.
public final class AcknowledgedVersion {
  private final Deque<Sent> unacknowledged = new ArrayDeque<>();
  private Sent newest = NOTHING;
  private long acknowledged;
  private long version;

  private static final Sent NOTHING = new Sent(0, 0);

  /// Everything up to `version` was in batches up to `sequence`.
  private record Sent(long sequence, long version) {}

  /// Nothing sent, nothing acknowledged.
  public AcknowledgedVersion() {}

  /// The link has started over: nothing is acknowledged, sequences begin anew.
  public void reset() {
    unacknowledged.clear();
    newest = NOTHING;
    acknowledged = 0;
    version = 0;
  }

  /// Notes what was sent; to be called when the turn's batches are made.
  ///
  /// @param sequence the highest sequence of the link so far
  /// @param sentVersion [InterestOutbox#sentVersion] by then
  public void sent(long sequence, long sentVersion) {
    if (sequence < newest.sequence || sentVersion < newest.version) {
      throw new IllegalArgumentException("Sequences and versions fall only with reset()");
    }
    if (sentVersion == newest.version) {
      return;
    }
    if (!unacknowledged.isEmpty() && newest.sequence == sequence) {
      unacknowledged.removeLast();
    }
    newest = new Sent(sequence, sentVersion);
    unacknowledged.add(newest);
    settle();
  }

  /// The peer has everything up to this sequence of the link.
  public void onAcknowledged(long sequence) {
    acknowledged = Math.max(acknowledged, sequence);
    settle();
  }

  /// The highest version that the peer knows, 0 at first.
  public long version() {
    return version;
  }

  /// How many versions are sent and not acknowledged.
  public int pending() {
    return unacknowledged.size();
  }

  private void settle() {
    while (!unacknowledged.isEmpty() && unacknowledged.peek().sequence <= acknowledged) {
      version = unacknowledged.remove().version;
    }
  }
}
