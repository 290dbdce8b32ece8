package dev.switchboard.routing;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicInteger;

/// Completes after so many steps, on the context that was current when it was made.
///
/// Steps may come from any thread. For what is done too often to make a future of each step.
final class Countdown {
  private static final Future<Void> DONE = Future.succeededFuture();

  private final Context caller = Vertx.currentContext();
  private final AtomicInteger left;
  private final Promise<Void> promise = Promise.promise();

  Countdown(int steps) {
    left = new AtomicInteger(steps);
    if (steps == 0) {
      promise.complete();
    }
  }

  void step() {
    if (left.decrementAndGet() > 0) {
      return;
    }
    if (caller == null || caller == Vertx.currentContext()) {
      promise.complete();
    } else {
      caller.runOnContext(_ -> promise.complete());
    }
  }

  /// Done now, or later.
  Future<Void> done() {
    return promise.future().isComplete() ? DONE : promise.future();
  }
}
