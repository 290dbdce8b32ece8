package dev.switchboard.routing;

import dev.switchboard.cluster.NodeState;
import dev.switchboard.config.GatewayConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Who this node is. Safe on any thread; only the node itself renews it.
///
/// The name and the version stay; the incarnation lasts from one cluster join to the next.
public final class NodeIdentity {
  private final String name;
  private final String version;
  private final long startedAt;
  private final Supplier<NodeState> state;
  private volatile long incarnation;

  /// @param incarnation id of this stay in the cluster; random when there is none
  /// @param startedAt when the process began, from `System.nanoTime()`
  /// @param state where the node is in its life
  public NodeIdentity(
      long incarnation, String name, String version, long startedAt, Supplier<NodeState> state) {
    this.incarnation = incarnation;
    this.name = name;
    this.version = version;
    this.startedAt = startedAt;
    this.state = state;
  }

  /// What a node calls itself: as it is told, else by its machine and port.
  public static String nameOf(GatewayConfig config) {
    if (!config.node().name().isEmpty()) {
      return config.node().name();
    }
    try {
      return InetAddress.getLocalHost().getHostName() + "_" + config.http().port();
    } catch (UnknownHostException noName) {
      return "node_" + config.http().port();
    }
  }

  /// The id of this stay in the cluster.
  public long incarnation() {
    return incarnation;
  }

  /// Begins another stay in the cluster.
  public void renew(long next) {
    incarnation = next;
  }

  /// The incarnation as operators see it.
  public String uid() {
    return "%016x".formatted(incarnation);
  }

  /// What the node calls itself, as `info` and the logs show it.
  public String name() {
    return name;
  }

  /// The version of this build.
  public String version() {
    return version;
  }

  /// Whole seconds since the process began.
  public long uptimeSeconds() {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedAt);
  }

  NodeView view(List<Inbox.LoopView> loops) {
    return new NodeView(
        uid(),
        name,
        version,
        loops.stream().mapToLong(Inbox.LoopView::sessions).sum(),
        Loops.union(loops.stream().map(Inbox.LoopView::users).toList()).size(),
        Loops.union(loops.stream().map(Inbox.LoopView::channels).toList()).size(),
        loops.stream().mapToLong(Inbox.LoopView::subscriptions).sum(),
        uptimeSeconds(),
        state.get().label());
  }
}
