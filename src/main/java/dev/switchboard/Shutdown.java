package dev.switchboard;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one shutdown hook of the process: stops the node, waits, and says how it went.
///
/// Safe on any thread. The JVM would report 143 after SIGTERM even when everything went well, and
/// supervisors take that for a crash; so a node that was asked to stop and did exits with 0.
final class Shutdown {
  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int FAILED = 1;

  private volatile Future<Node> node = Future.failedFuture("nothing was started");
  private volatile Duration deadline = PATIENCE;

  /// Adds the hook to the process.
  void register() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::run, "shutdown"));
  }

  /// Makes this the node to stop; it may still be starting.
  ///
  /// @param drainPeriod `node.drain_period`, which comes on top of the time that stopping may take
  Future<Node> watch(Future<Node> starting, Duration drainPeriod) {
    deadline = PATIENCE.plus(drainPeriod);
    node = starting;
    return starting.onSuccess(started -> started.whenAskedToLeave(Shutdown::begin));
  }

  /// As SIGTERM does, on a thread of its own: exiting waits for the hook, which waits for the node.
  private static void begin() {
    Thread.ofPlatform().name("exit").start(() -> System.exit(0));
  }

  private void run() {
    Future<Node> started = node;
    if (started.failed()) {
      // The process ends because of that failure, with an exit code of its own.
      return;
    }
    LOG.info("stopping");
    try {
      started.compose(Node::stop).await(deadline.toMillis(), TimeUnit.MILLISECONDS);
      LOG.info("stopped");
      Runtime.getRuntime().halt(0);
    } catch (TimeoutException late) {
      LOG.error("not stopped within {} s, giving up", deadline.toSeconds());
      Runtime.getRuntime().halt(FAILED);
    } catch (RuntimeException failure) {
      LOG.error("stopping failed", failure);
      Runtime.getRuntime().halt(FAILED);
    }
  }
}
