package dev.switchboard.link;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Counts what all links of a node did.
///
/// Any thread: the peer loop counts, except for [Count#BUSY], which whoever publishes does.
public final class LinkMeters {
  /// What is counted; a closed set, fit for a label.
  public enum Count {
    /// Batches handed to the transport, repeated ones included.
    BATCHES,
    /// Items in them.
    ENTRIES,
    /// Bytes of all messages handed to the transport.
    BYTES,
    /// Items sent again because the peer lacked them.
    RESENT,
    /// Batches the transport could not write.
    UNWRITTEN,
    /// Batches that came again.
    DUPLICATES,
    /// Times something was found missing and asked for.
    GAPS,
    /// Ageing items that were dropped here because they were too old, sent or received.
    AGED,
    /// Reservations refused because a window was full.
    BUSY,
    /// Times a peer's end was new while ours was not.
    RESETS,
    /// Messages of an end that is no more, or for one.
    STALE,
    /// Peers that speak no common version.
    INCOMPATIBLE
  }

  private final Map<Count, LongAdder> counts = new EnumMap<>(Count.class);

  /// All counts are zero.
  public LinkMeters() {
    for (Count count : Count.values()) {
      counts.put(count, new LongAdder());
    }
  }

  /// How often it happened since the node started.
  public long count(Count what) {
    return counts.get(what).sum();
  }

  void add(Count what, long times) {
    counts.get(what).add(times);
  }
}
