package dev.switchboard.metrics;

/// Why a connection never became a socket.
public enum Rejection {
  /// `node.connections_max`, or nine tenths of the descriptors.
  NODE_FULL,
  /// Fewer than `node.descriptor_reserve` descriptors are left.
  DESCRIPTORS,
  /// The heap is fuller than `node.heap_used_max` although the collector ran.
  MEMORY,
  /// The event loop is later than `node.loop_lag_max`.
  LOOP_LAG,
  /// The node drains, or is away from its cluster.
  NOT_SERVING,
  /// `node.accepts_per_second`.
  ACCEPT_RATE,
  /// `node.unauthenticated_max`.
  UNAUTHENTICATED,
  /// `node.unauthenticated_per_address_max`.
  ADDRESS,
  /// An origin that is not allowed.
  ORIGIN,
  /// Not a lawful upgrade request.
  BAD_UPGRADE,
  /// `client.handshake_timeout`.
  HANDSHAKE_TIMEOUT
}
