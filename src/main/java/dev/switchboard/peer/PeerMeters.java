package dev.switchboard.peer;

import dev.switchboard.link.BadLinkMessageException.Reason;
import dev.switchboard.link.LinkMeters;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/// Counts what links did, and what came to this node's address and did not belong there. Any
/// thread.
public final class PeerMeters {
  private final LinkMeters links = new LinkMeters();
  private final Map<Reason, LongAdder> refused = new EnumMap<>(Reason.class);
  private final LongAdder fenced = new LongAdder();
  private final LongAdder uninterested = new LongAdder();
  private final LongAdder late = new LongAdder();

  /// All counts are zero.
  public PeerMeters() {
    for (Reason reason : Reason.values()) {
      refused.put(reason, new LongAdder());
    }
  }

  /// What all links did.
  public LinkMeters links() {
    return links;
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

  /// Every event that is counted, by its name: a closed set.
  public Map<String, LongSupplier> events() {
    Map<String, LongSupplier> events = new LinkedHashMap<>();
    Arrays.stream(LinkMeters.Count.values())
        .filter(count -> count != LinkMeters.Count.BYTES)
        .forEach(count -> events.put(label(count), () -> links.count(count)));
    refused.forEach((reason, count) -> events.put("refused_" + label(reason), count::sum));
    events.put("fenced", fenced::sum);
    events.put("uninterested", uninterested::sum);
    events.put("late", late::sum);
    return events;
  }

  private static String label(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }

  /// A publication was too old when an event loop took it up.
  public void onLate() {
    late.increment();
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
