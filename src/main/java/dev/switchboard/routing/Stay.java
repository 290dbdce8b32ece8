package dev.switchboard.routing;

import java.time.Duration;

/// Whether this node's stay in the cluster goes on, or its sessions have to go elsewhere.
///
/// Confined to the peer loop. A node that slept for longer than the others wait for a member was
/// expelled, whatever it believes; one whose member merged into another cluster has a new
/// incarnation. Either is suspended until it is in step with all members again.
final class Stay {
  private final long expelledNanos;
  private final long patienceNanos;
  private boolean suspended;
  private boolean merged;
  private boolean hadPeers;
  private long suspendedAt;
  private long tickedAt;

  /// @param expelledAfter silence after which the others drop a member
  /// @param patience how long a node that slept waits for its member to merge, before it believes
  ///   that nobody dropped it
  Stay(Duration expelledAfter, Duration patience, long now) {
    this.expelledNanos = expelledAfter.toNanos();
    this.patienceNanos = patience.toNanos();
    this.tickedAt = now;
  }

  /// The heartbeat.
  ///
  /// @param hasPeers whether there is anybody who could drop this node
  /// @return whether the node slept too long: its sessions have to go
  boolean onTick(long now, boolean hasPeers) {
    // As of before the sleep: the peers may be gone already, as far as this node knows.
    boolean slept = hadPeers && now - tickedAt > expelledNanos;
    tickedAt = now;
    hadPeers = hasPeers;
    if (slept) {
      suspend(now);
    }
    return slept;
  }

  /// The node has a new incarnation: its sessions have to go.
  void onMerged(long now) {
    suspend(now);
    merged = true;
  }

  private void suspend(long now) {
    suspended = true;
    merged = false;
    suspendedAt = now;
  }

  /// Takes sockets again when it may.
  ///
  /// @param inStep whether all members know this incarnation, and this node knows them
  /// @return whether this call ended a suspension
  boolean resume(long now, boolean inStep) {
    boolean ends = suspended && inStep && (merged || now - suspendedAt > patienceNanos);
    suspended &= !ends;
    return ends;
  }
}
