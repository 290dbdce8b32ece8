package dev.switchboard.peer;

import dev.switchboard.link.BadLinkMessageException.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Counts what came to this node's address and did not belong there. Any thread.
public final class PeerMeters {
  private final Map<Reason, LongAdder> refused = new EnumMap<>(Reason.class);
  private final LongAdder fenced = new LongAdder();
  private final LongAdder uninterested = new LongAdder();

  PeerMeters() {
    for (Reason reason : Reason.values()) {
      refused.put(reason, new LongAdder());
    }
  }

  /// Messages that no node of this cluster sent.
  public long refused(Reason reason) {
    return refused.get(reason).sum();
  }

  /// Messages of, or for, an incarnation that is no member.
  public long fenced() {
    return fenced.sum();
  }

  /// Publications that nobody here subscribes to any more.
  public long uninterested() {
    return uninterested.sum();
  }

  void onRefused(Reason reason) {
    refused.get(reason).increment();
  }

  void onFenced() {
    fenced.increment();
  }

  void onUninterested() {
    uninterested.increment();
  }
}
