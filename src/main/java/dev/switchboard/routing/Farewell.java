package dev.switchboard.routing;

import dev.switchboard.peer.Peers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How a node leaves the others: without its vote, then without a word left unsaid. Confined to the
/// peer loop.
final class Farewell {
  private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);
  private static final long LOOK_MILLIS = 20;

  // Whoever goes before the others agreed is missed like one that crashed: they may lose their
  // majority over it. So a slow one is worth waiting for, as long as a dead one may stay a member.
  private static final Duration CONSENT_PATIENCE = Duration.ofSeconds(12);
  private static final Duration LAST_WORDS_PATIENCE = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final Elections elections;
  private final Peers peers;

  Farewell(Vertx vertx, Elections elections, Peers peers) {
    this.vertx = vertx;
    this.elections = elections;
    this.peers = peers;
  }

  /// @return completes when the links are closed, in any case
  Future<Void> say() {
    elections.leave();
    return await(elections::mayGo, CONSENT_PATIENCE)
        .compose(
            agreed -> {
              if (!agreed) {
                LOG.warn(
                    "this node goes without the others' consent: they still count on its vote");
              }
              peers.leave();
              return await(() -> peers.windowsUsed() == 0, LAST_WORDS_PATIENCE);
            })
        .<Void>mapEmpty()
        .onSuccess(_ -> peers.close());
  }

  /// Waits for a while.
  ///
  /// @return whether it is done
  private Future<Boolean> await(BooleanSupplier done, Duration patience) {
    Promise<Boolean> over = Promise.promise();
    long deadline = System.nanoTime() + patience.toNanos();
    vertx.setPeriodic(
        LOOK_MILLIS,
        timer -> {
          boolean is = done.getAsBoolean();
          if (is || System.nanoTime() - deadline > 0) {
            vertx.cancelTimer(timer);
            over.complete(is);
          }
        });
    return over.future();
  }
}
