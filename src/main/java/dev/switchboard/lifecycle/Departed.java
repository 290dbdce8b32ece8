package dev.switchboard.lifecycle;

import dev.switchboard.protocol.ClientId;
import java.util.LinkedHashMap;
import java.util.Map;

/// What has ended with its node, for as long as the node may come back and say that it began. Owned
/// by a [Roll].
final class Departed {
  private static final long KEPT_MILLIS = 3_600_000;

  // Since when, those longest ago first.
  private final LinkedHashMap<Long, Long> nodes = new LinkedHashMap<>();
  private final LinkedHashMap<ClientId, Long> sessions = new LinkedHashMap<>();

  boolean has(long node) {
    return nodes.containsKey(node);
  }

  boolean has(ClientId session) {
    return sessions.containsKey(session);
  }

  void add(ClientId session, long now) {
    sessions.putLast(session, now);
    forget(sessions, now);
  }

  void add(long node, long now) {
    nodes.putLast(node, now);
    forget(nodes, now);
  }

  private static void forget(Map<?, Long> departed, long now) {
    var oldest = departed.values().iterator();
    while (oldest.hasNext() && now - oldest.next() > KEPT_MILLIS) {
      oldest.remove();
    }
  }

  Map<Long, Long> nodes() {
    return new LinkedHashMap<>(nodes);
  }

  Map<ClientId, Long> sessions() {
    return new LinkedHashMap<>(sessions);
  }

  /// Takes in what a sheet holds.
  void addAll(RollSheet sheet) {
    nodes.putAll(sheet.lostNodes());
    sessions.putAll(sheet.lostSessions());
  }
}
