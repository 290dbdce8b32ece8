package dev.switchboard.lifecycle;

import dev.switchboard.protocol.ClientId;
import java.util.List;
import java.util.Map;

/// A roll in plain values.
///
/// @param nodes those with something open
/// @param seen users without connections, those seen longest ago first
/// @param readers up to which offset each has all events
/// @param lostNodes nodes that are gone, and since when
/// @param lostSessions sessions that ended with them, and when
public record RollSheet(
    List<Line> connections,
    Map<Long, Node> nodes,
    Map<String, Long> seen,
    Map<String, Long> readers,
    Map<Long, Long> lostNodes,
    Map<ClientId, Long> lostSessions) {
  /// A session.
  public record Line(ClientId client, String user, long at, List<String> channels) {}

  /// A node.
  ///
  /// @param notedAt when it last said that something began
  /// @param channels it has subscribers of
  public record Node(long notedAt, List<String> channels) {}
}
