package dev.switchboard.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.switchboard.config.GatewayConfig;
import java.time.ZoneId;
import java.util.List;
import org.slf4j.LoggerFactory;

/// Sets up where log lines go and how they look: what `log.*` says, on standard output.
///
/// For the process that serves; every other command keeps the packed set-up, which writes warnings
/// to standard error.
public final class Logging {
  private static final String ACCESS = "switchboard.access";
  // Their DEBUG is about bytes and threads; whoever wants it asks for `trace`. Their TRACE is never
  // written: it holds whole URLs, and with them the keys that may stand in a query.
  private static final String HAZELCAST = "com.hazelcast";
  private static final List<String> CHATTY = List.of("io.netty", "io.vertx", HAZELCAST);

  // vertx-micrometer-metrics registers a gauge of its own twice, and this logger says so each
  // start.
  private static final String METERS = "io.micrometer.core.instrument.MeterRegistry";

  // Hazelcast warns of every member that leaves, also in good order, of every operation it repeats
  // then, of every stranger at its port, and of a backup time-out that is short on purpose. What
  // matters of it, who is there, the node says itself.
  private static final List<String> MEMBERS =
      List.of(
          "com.hazelcast.internal.cluster.ClusterService",
          "com.hazelcast.internal.cluster.impl.ClusterJoinManager",
          "com.hazelcast.internal.cluster.impl.MembershipManager",
          "com.hazelcast.internal.server.tcp.TcpServerConnection",
          "com.hazelcast.internal.server.tcp.TcpServerConnectionErrorHandler",
          "com.hazelcast.spi.impl.eventservice",
          "com.hazelcast.spi.impl.operationservice.OperationService",
          "com.hazelcast.spi.impl.operationservice.impl.BackpressureRegulator",
          "com.hazelcast.spi.impl.operationservice.impl.InvokeOnPartitions",
          // A stack trace for each attempt to reach a node that is gone; links tell of that.
          "io.vertx.core.eventbus.impl.clustered");

  private Logging() {}

  /// Makes Vert.x log like everybody else; to be called before its first class is used.
  public static void routeVertx() {
    System.setProperty(
        "vertx.logger-delegate-factory-class-name",
        "io.vertx.core.logging.SLF4JLogDelegateFactory");
  }

  /// Replaces the packed set-up.
  public static void apply(GatewayConfig.Log log) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    Level level = Level.valueOf(log.level().name());
    boolean chatty = level == Level.DEBUG || level == Level.TRACE;
    var appender = chatty ? new ConsoleAppender<ILoggingEvent>() : new LibraryLines();
    appender.setContext(context);
    appender.setName("out");
    appender.setEncoder(started(encoder(log.format(), isTerminal()), context));
    appender.start();
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level);
    root.addAppender(appender);
    if (chatty) {
      Level quieter = level == Level.DEBUG ? Level.INFO : Level.DEBUG;
      CHATTY.forEach(name -> context.getLogger(name).setLevel(quieter));
    }
    context.getLogger(METERS).setLevel(Level.ERROR);
    if (!chatty) {
      context.getLogger(HAZELCAST).setLevel(Level.WARN);
      MEMBERS.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
    }
    // Its switch is `log.access` alone: a quiet log may still want to know who came.
    context.getLogger(ACCESS).setLevel(log.access() ? Level.INFO : Level.OFF);
  }

  /// The encoder for a format.
  static EncoderBase<ILoggingEvent> encoder(GatewayConfig.LogFormat format, boolean terminal) {
    return switch (format) {
      case JSON -> new JsonLogEncoder();
      case TEXT -> new TextLogEncoder(ZoneId.systemDefault());
      case AUTO -> terminal ? new TextLogEncoder(ZoneId.systemDefault()) : new JsonLogEncoder();
    };
  }

  private static Encoder<ILoggingEvent> started(
      EncoderBase<ILoggingEvent> encoder, LoggerContext context) {
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  private static boolean isTerminal() {
    return System.console() != null && System.console().isTerminal();
  }
}
