package dev.switchboard.metrics;

/// What one event loop holds, as of its last tick.
///
/// @param sockets connections that exist, closing ones included
/// @param unauthenticated connections that have not passed the connect command
/// @param sessions authenticated, open sessions
/// @param users distinct users among the sessions
/// @param channels channels with a subscriber on this loop
/// @param subscriptions subscriptions of this loop's sessions
/// @param lagNanos how late the loop took up its last tick
public record LoopCounts(
    int sockets,
    int unauthenticated,
    int sessions,
    int users,
    int channels,
    int subscriptions,
    long lagNanos) {
  /// A loop that has not ticked yet.
  public static final LoopCounts NONE = new LoopCounts(0, 0, 0, 0, 0, 0, 0);
}
