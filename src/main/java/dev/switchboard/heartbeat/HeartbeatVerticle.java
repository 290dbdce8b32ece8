package dev.switchboard.heartbeat;

import dev.switchboard.cluster.NodeHealth;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.routing.Addresses;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;

/// The node's one clock: beats for every event loop and records who answered.
///
/// On an event loop of its own, so that a stuck owner cannot stop the clock that would tell of it.
/// A loop that still owes an answer is not sent another beat: a slow loop gets no queue of them.
public final class HeartbeatVerticle extends VerticleBase {
  private final GatewayConfig.Heartbeat config;
  private final NodeHealth health;
  private final boolean[] owesAnswer;

  /// @param eventLoops how many WebSocket verticles there are
  public HeartbeatVerticle(GatewayConfig.Heartbeat config, NodeHealth health, int eventLoops) {
    this.config = config;
    this.health = health;
    this.owesAnswer = new boolean[eventLoops];
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(config.interval().toMillis(), _ -> beat());
    return Future.succeededFuture();
  }

  private void beat() {
    for (int loop = 0; loop < owesAnswer.length; loop++) {
      if (!owesAnswer[loop]) {
        beat(loop);
      }
    }
  }

  private void beat(int loop) {
    owesAnswer[loop] = true;
    var options =
        new DeliveryOptions().setLocalOnly(true).setSendTimeout(config.loopTimeout().toMillis());
    vertx
        .eventBus()
        .<Long>request(Addresses.heartbeat(loop), System.nanoTime(), options)
        .onSuccess(_ -> health.onLoopAnswered(loop))
        .onComplete(_ -> owesAnswer[loop] = false);
  }
}
