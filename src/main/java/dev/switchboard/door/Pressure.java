package dev.switchboard.door;

import dev.switchboard.config.NodeConfig;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.metrics.Rejection;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/// Whether the process has memory and descriptors for more sockets. Safe on any thread.
///
/// Looked at now and then, as counting descriptors takes long where there are many.
public final class Pressure {
  private static final double PERCENT = 100;
  private static final long INTERVAL_MILLIS = 1_000;

  private final NodeConfig limits;
  private final DoubleSupplier heap;
  private final LongSupplier descriptorsOpen;
  private final long descriptorsMax;
  private volatile Optional<Rejection> found = Optional.empty();

  /// @param limits `node.*`
  /// @param heap share in use after the last collection, 0 to 1
  public Pressure(NodeConfig limits, DoubleSupplier heap) {
    this(limits, heap, GatewayMetrics::descriptorsOpen, GatewayMetrics.descriptorsMax());
  }

  Pressure(
      NodeConfig limits, DoubleSupplier heap, LongSupplier descriptorsOpen, long descriptorsMax) {
    this.limits = limits;
    this.heap = heap;
    this.descriptorsOpen = descriptorsOpen;
    this.descriptorsMax = descriptorsMax;
  }

  /// Looks every second from now on, as a verticle on a worker thread: counting may take
  /// milliseconds. It ends with its deployment, so that it asks no thread that is gone.
  public Future<String> deploy(Vertx vertx) {
    Deployable looking =
        _ -> {
          vertx.setPeriodic(0, INTERVAL_MILLIS, _ -> look());
          return Future.succeededFuture();
        };
    return vertx.deployVerticle(
        looking, new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER));
  }

  void look() {
    found = judge();
  }

  private Optional<Rejection> judge() {
    if (limits.heapPercentMax() != 0 && heap.getAsDouble() * PERCENT > limits.heapPercentMax()) {
      return Optional.of(Rejection.MEMORY);
    }
    long left = descriptorsMax - descriptorsOpen.getAsLong();
    return descriptorsMax >= 0 && left < limits.descriptorReserve()
        ? Optional.of(Rejection.DESCRIPTORS)
        : Optional.empty();
  }

  /// Why no more sockets should be taken, as of the last look.
  public Optional<Rejection> found() {
    return found;
  }
}
