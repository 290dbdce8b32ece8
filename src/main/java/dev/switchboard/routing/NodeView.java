package dev.switchboard.routing;

import dev.switchboard.cluster.NodeState;

/// One node as `info` and the console show it.
///
/// @param uid the node's incarnation, in hexadecimal
/// @param users distinct users with a session on the node
/// @param uptimeSeconds whole seconds since start
/// @param state where it is in its life, such as `serving`; empty when it does not say
public record NodeView(
    String uid,
    String name,
    String version,
    long clients,
    long users,
    long channels,
    long subscriptions,
    long uptimeSeconds,
    String state) {
  /// Whether it takes sockets.
  public boolean serves() {
    return state.equals(NodeState.SERVING.label());
  }
}
