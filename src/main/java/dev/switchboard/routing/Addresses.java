package dev.switchboard.routing;

/// Every address this gateway uses on the event bus.
public final class Addresses {
  private Addresses() {}

  /// Where one event loop of this node takes the beats of the heartbeat; local only.
  public static String heartbeat(int loop) {
    return "switchboard.heartbeat." + loop;
  }
}
