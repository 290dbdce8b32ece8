package dev.switchboard.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.slf4j.LoggerFactory;

/// Fails a test during which something was logged that should not happen.
///
/// That is every warning and error of anybody (Netty's `LEAK:` and Vert.x's blocked threads among
/// them), and INFO too from packages that strangers reach. Registered for all tests by itself; a
/// test that provokes such a line says so with [AllowLog]. At the end of the run it provokes the
/// leak reports that are still due, and fails the run for them.
public final class LogGuard implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private static final int LEAK_ROUNDS = 3;
  private static final int LEAK_BUFFERS = 64;
  private static final long GC_PATIENCE_MILLIS = 2_000;

  private static final List<String> STRANGERS_REACH =
      List.of(
          "dev.switchboard.wire.",
          "dev.switchboard.socket.",
          "dev.switchboard.session.",
          "dev.switchboard.protocol.",
          "dev.switchboard.auth.");

  private static final String MEMBERS = "com.hazelcast.internal.cluster.impl.MembershipManager";
  // The connection itself and its error handler.
  private static final String CONNECTIONS = "com.hazelcast.internal.server.tcp.TcpServerConnection";
  private static final String BACK_PRESSURE =
      "com.hazelcast.spi.impl.operationservice.impl.BackpressureRegulator";

  // Vert.x registers some gauges once for each event bus and HTTP server that shares a registry.
  private static final Allowed GAUGES =
      new Allowed("io.micrometer.core.instrument.MeterRegistry", "already registered");

  // The heart beats until the end, and a loop that stops drops the beat that is on its way to it.
  private static final Allowed LAST_BEAT =
      new Allowed(
          "io.vertx.core.eventbus.impl.MessageConsumerImpl",
          "not registered. address: switchboard.heartbeat.");

  // Hazelcast's way to say that a member leaves in good order, and that we chose a short time-out.
  private static final List<Allowed> KNOWN =
      List.of(
          GAUGES,
          LAST_BEAT,
          new Allowed("com.hazelcast.internal.cluster.ClusterService", "Mastership of"),
          new Allowed(MEMBERS, "is suspected to be dead for reason: No connection"),
          new Allowed(MEMBERS, "Received suspected members"),
          new Allowed(CONNECTIONS, "Removing connection to endpoint"),
          new Allowed(CONNECTIONS, "closed. Reason: Exception in Connection"),
          // Operations that cross a join or a leave; Hazelcast repeats them.
          new Allowed("com.hazelcast.spi.impl.", "Not Member!"),
          new Allowed("com.hazelcast.spi.impl.", "Cannot send response"),
          // Answered in the moment in which a member that leaves gives up what it waits for.
          new Allowed("com.hazelcast.spi.impl.", "Future.complete(Object) on completed future"),
          new Allowed("com.hazelcast.internal.partition.", ""),
          // Vert.x tidies its registry while the copy of that goes too.
          new Allowed(
              "io.vertx.spi.cluster.hazelcast.HazelcastClusterManager",
              "Failed to handle memberRemoved"),
          // A document that holds schemas is no schema itself.
          new Allowed("com.networknt.schema.keyword.UnknownKeywordFactory", "Unknown keyword"),
          // What is still said to a node that has just gone.
          new Allowed("io.vertx.core.eventbus.impl.clustered.", "Connecting to server"),
          new Allowed(BACK_PRESSURE, "'hazelcast.operation.backup.timeout.millis' is too small"));

  /// What may be logged.
  record Allowed(String logger, String part) {
    boolean matches(ILoggingEvent event) {
      return event.getLoggerName().startsWith(logger) && event.getFormattedMessage().contains(part);
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    recorder(context).attach();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    check(context);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    check(context);
  }

  private static void check(ExtensionContext context) {
    List<Allowed> allowed = new ArrayList<>();
    context.getTestMethod().ifPresent(method -> allowed.addAll(allowed(method)));
    context.getTestClass().ifPresent(type -> allowed.addAll(allowed(type)));
    fail(context.getDisplayName(), complaints(recorder(context).take(), allowed));
  }

  private static List<Allowed> allowed(AnnotatedElement element) {
    return AnnotationSupport.findRepeatableAnnotations(element, AllowLog.class).stream()
        .map(allow -> new Allowed(allow.logger(), allow.containing()))
        .toList();
  }

  /// The events that fail a test which may log what is `allowed`.
  static List<String> complaints(List<ILoggingEvent> events, List<Allowed> allowed) {
    return events.stream()
        .filter(LogGuard::isUnwelcome)
        .filter(event -> KNOWN.stream().noneMatch(one -> one.matches(event)))
        .filter(event -> allowed.stream().noneMatch(one -> one.matches(event)))
        .map(LogGuard::line)
        .toList();
  }

  private static String line(ILoggingEvent event) {
    String line =
        event.getLevel() + " " + event.getLoggerName() + ": " + event.getFormattedMessage();
    IThrowableProxy cause = event.getThrowableProxy();
    return cause == null ? line : line + "\n" + ThrowableProxyUtil.asString(cause);
  }

  private static boolean isUnwelcome(ILoggingEvent event) {
    return event.getLevel().isGreaterOrEqual(Level.WARN)
        || event.getLevel().isGreaterOrEqual(Level.INFO)
            && STRANGERS_REACH.stream().anyMatch(event.getLoggerName()::startsWith);
  }

  private static void fail(String where, List<String> complaints) {
    if (!complaints.isEmpty()) {
      throw new AssertionError(where + " logged:\n" + String.join("\n", complaints));
    }
  }

  private static Recorder recorder(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(LogGuard.class))
        .computeIfAbsent(Recorder.class, _ -> new Recorder(), Recorder.class);
  }

  /// Makes Netty report buffers that were lost until now: it looks for them when it makes new ones.
  static void provokeLeaks() {
    for (int round = 0; round < LEAK_ROUNDS; round++) {
      collectGarbage();
      for (int count = 0; count < LEAK_BUFFERS; count++) {
        PooledByteBufAllocator.DEFAULT.directBuffer(16).release();
      }
    }
  }

  private static void collectGarbage() {
    var queue = new ReferenceQueue<Object>();
    var canary = new WeakReference<>(new Object(), queue);
    System.gc();
    try {
      if (queue.remove(GC_PATIENCE_MILLIS) != canary) {
        throw new AssertionError("the garbage collector did not run");
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /// Everything logged since it was last asked; kept for the whole run.
  private static final class Recorder extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();

    /// Listens on, even when a test set up logging anew.
    void attach() {
      var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
      if (!root.isAttached(this)) {
        setContext(root.getLoggerContext());
        start();
        root.addAppender(this);
      }
    }

    @Override
    protected void append(ILoggingEvent event) {
      event.prepareForDeferredProcessing();
      events.add(event);
    }

    List<ILoggingEvent> take() {
      List<ILoggingEvent> taken = new ArrayList<>();
      for (ILoggingEvent event = events.poll(); event != null; event = events.poll()) {
        taken.add(event);
      }
      return taken;
    }

    @Override
    public void close() {
      provokeLeaks();
      fail("the run", complaints(take(), List.of()));
    }
  }
}
