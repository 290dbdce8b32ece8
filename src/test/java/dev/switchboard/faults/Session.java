package dev.switchboard.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One session of one client, as that client saw it. Confined to the harness's thread.
final class Session {
  /// The time of what has not happened.
  static final long NEVER = Long.MAX_VALUE;

  private final String client;
  private final String id;
  private final Map<String, Long> subscribedAt = new HashMap<>();
  private final List<FleetEvent.Received> received = new ArrayList<>();
  private long endedAt = NEVER;
  private int endCode;

  Session(String client, String id) {
    this.client = client;
    this.id = id;
  }

  String client() {
    return client;
  }

  /// The client id the node gave.
  String id() {
    return id;
  }

  boolean open() {
    return endedAt == NEVER;
  }

  /// When the client knew of the end; [#NEVER] while it is open.
  long endedAt() {
    return endedAt;
  }

  /// What the client saw as the reason of the end: a close code, or one of the SDK's below 100.
  int endCode() {
    return endCode;
  }

  /// When the reply to a subscribe came; [#NEVER] when none did.
  long subscribedAt(String channel) {
    return subscribedAt.getOrDefault(channel, NEVER);
  }

  /// When the last of its subscriptions began; [#NEVER] while it has none.
  long wholeAt() {
    return subscribedAt.values().stream().mapToLong(Long::longValue).max().orElse(NEVER);
  }

  /// The channels this session is subscribed to.
  int channels() {
    return subscribedAt.size();
  }

  List<FleetEvent.Received> received() {
    return received;
  }

  void subscribed(String channel, long at) {
    subscribedAt.put(channel, at);
  }

  void unsubscribed(String channel) {
    subscribedAt.remove(channel);
  }

  void end(long at, int code) {
    if (open()) {
      endedAt = at;
      endCode = code;
    }
  }
}
