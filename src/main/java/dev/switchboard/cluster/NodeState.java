package dev.switchboard.cluster;

import java.util.Locale;

/// The life of a node, in order; it never goes back, but from renewing to serving.
public enum NodeState {
  /// Building up; not ready.
  STARTING,
  /// Takes new sockets.
  SERVING,
  /// Takes no new sockets until it is a member of the cluster again.
  RENEWING,
  /// Takes no new sockets and moves its sessions away.
  DRAINING,
  /// Everything is closed.
  STOPPED;

  /// Its name as operators read it.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
