package dev.switchboard.routing;

/// Every address this gateway uses on the event bus.
public final class Addresses {
  private Addresses() {}

  /// Where the node of this incarnation hears what other nodes say; the one address of a node.
  public static String node(long incarnation) {
    return "switchboard.node.%016x".formatted(incarnation);
  }

  /// Where one event loop of this node takes the beats of the heartbeat; local only.
  public static String heartbeat(int loop) {
    return "switchboard.heartbeat." + loop;
  }

  /// Where services hear that there are new lifecycle events. Public, see `src/docs/event-bus.md`.
  public static final String NEW_EVENTS = "switchboard.events.new";

  /// Where services call a method of the API; every node consumes it. Public, see
  /// `src/docs/event-bus.md`.
  ///
  /// @param method in the words of the HTTP API, such as `presence_stats`
  public static String ofMethod(String method) {
    return "switchboard." + method;
  }
}
