package dev.switchboard.routing;

import java.util.List;
import java.util.concurrent.TimeUnit;

/// Who this node is, from one cluster join to the next.
///
/// @param incarnation random id of this stay in the cluster
/// @param startedAt when the process began, from `System.nanoTime()`
public record NodeIdentity(long incarnation, String name, String version, long startedAt) {
  /// The incarnation as operators see it.
  public String uid() {
    return "%016x".formatted(incarnation);
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
        MessageRouter.union(loops.stream().map(Inbox.LoopView::users).toList()).size(),
        MessageRouter.union(loops.stream().map(Inbox.LoopView::channels).toList()).size(),
        loops.stream().mapToLong(Inbox.LoopView::subscriptions).sum(),
        uptimeSeconds());
  }
}
