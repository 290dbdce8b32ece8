package dev.switchboard.balance;

import dev.switchboard.config.NodeConfig;
import dev.switchboard.routing.NodeView;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sheds sessions while this node has more than the others, as it has when one was added.
///
/// Every node decides for itself from what all of them say they hold. While nodes come, go, drain
/// or cannot be heard nothing is moved: a rolling update would move everybody once more.
public final class Rebalancer extends VerticleBase {
  /// How often it looks, and over how long what it sheds is spread.
  public static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Rebalancer.class);

  private final Settled settled;
  private final Surplus surplus;
  private final int atOnce;
  private final World world;
  private boolean shedding;

  /// What it acts on.
  ///
  /// @param nodes asks all of them what they hold
  /// @param own the `uid` of this node
  /// @param loops each closes so many of its sessions within [#INTERVAL]
  public record World(
      Supplier<Future<List<NodeView>>> nodes, Supplier<String> own, List<IntConsumer> loops) {}

  /// @param config `rebalance.*`
  public Rebalancer(NodeConfig.Rebalance config, World world) {
    this.settled = new Settled(config.settle().toNanos(), System.nanoTime());
    this.surplus = new Surplus(config.tolerancePercent());
    this.atOnce = config.sessionsPerSecond() * (int) INTERVAL.toSeconds();
    this.world = world;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(INTERVAL.toMillis(), _ -> look());
    return Future.succeededFuture();
  }

  private void look() {
    world
        .nodes()
        .get()
        .onSuccess(this::onViews)
        .onFailure(failure -> LOG.debug("nobody was asked", failure));
  }

  private void onViews(List<NodeView> views) {
    Set<String> serving =
        views.stream()
            .filter(NodeView::serves)
            .map(NodeView::uid)
            .collect(Collectors.toUnmodifiableSet());
    boolean quiet = settled.onLook(serving, serving.size() == views.size(), System.nanoTime());
    int count = quiet ? Math.min(surplus(views), atOnce) : 0;
    if (count > 0) {
      shed(count);
    }
    if (count > 0 != shedding) {
      shedding = count > 0;
      LOG.info(shedding ? "more sessions than others: some are moved" : "no more are moved");
    }
  }

  /// An equal part on each event loop, as connections come to them in turn.
  private void shed(int count) {
    int loops = world.loops().size();
    for (int loop = 0; loop < loops; loop++) {
      world.loops().get(loop).accept(count * (loop + 1) / loops - count * loop / loops);
    }
  }

  private int surplus(List<NodeView> views) {
    String uid = world.own().get();
    var own = views.stream().collect(Collectors.partitioningBy(view -> view.uid().equals(uid)));
    return surplus.of(
        own.get(true).stream().mapToLong(NodeView::clients).sum(),
        own.get(false).stream().map(NodeView::clients).toList());
  }
}
