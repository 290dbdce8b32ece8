package dev.switchboard.cluster;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;

/// Whether this node is well, as probes and the console ask. Safe on any thread.
///
/// Ready needs every event loop to answer the heartbeat within its time; alive is more patient,
/// because killing a process that is only slow makes things worse.
public final class NodeHealth {
  private static final int PATIENCE = 6;

  private final AtomicReference<NodeState> state = new AtomicReference<>(NodeState.STARTING);
  private final AtomicLongArray answeredAt;
  private final Duration loopTimeout;
  private volatile boolean suspended;

  /// @param eventLoops how many WebSocket verticles must answer
  /// @param loopTimeout `heartbeat.loop_timeout`
  public NodeHealth(int eventLoops, Duration loopTimeout) {
    this.answeredAt = new AtomicLongArray(eventLoops);
    this.loopTimeout = loopTimeout;
    for (int loop = 0; loop < eventLoops; loop++) {
      onLoopAnswered(loop);
    }
  }

  /// Steps on in the node's life; a step back is ignored.
  ///
  /// @return whether it was a step on
  public boolean to(NodeState next) {
    return state.getAndUpdate(now -> next.compareTo(now) > 0 ? next : now).compareTo(next) < 0;
  }

  /// Suspends the node, which then takes no new sockets, or ends that.
  public void suspended(boolean now) {
    suspended = now;
  }

  /// Where the node is in its life.
  public NodeState state() {
    NodeState now = state.get();
    return suspended && now == NodeState.SERVING ? NodeState.RENEWING : now;
  }

  /// Whether a client that came here may stay.
  public boolean takesSockets() {
    return !suspended && state.get().compareTo(NodeState.DRAINING) < 0;
  }

  /// An event loop answered a beat.
  public void onLoopAnswered(int loop) {
    answeredAt.set(loop, System.nanoTime());
  }

  /// Whether new sockets should be sent here.
  public boolean ready() {
    return state() == NodeState.SERVING && stuckLoops(loopTimeout) == 0;
  }

  /// Whether the process is worth keeping.
  public boolean live() {
    return stuckLoops(loopTimeout.multipliedBy(PATIENCE)) == 0;
  }

  /// Event loops that have not answered a beat within the heartbeat's time.
  public int stuckLoops() {
    return stuckLoops(loopTimeout);
  }

  private int stuckLoops(Duration limit) {
    int stuck = 0;
    long now = System.nanoTime();
    for (int loop = 0; loop < answeredAt.length(); loop++) {
      if (now - answeredAt.get(loop) > limit.toNanos()) {
        stuck++;
      }
    }
    return stuck;
  }
}
