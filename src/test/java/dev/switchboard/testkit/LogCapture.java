package dev.switchboard.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/// Everything logged while a test looks.
public final class LogCapture extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private static final String ACCESS = "switchboard.access";
  private static final String METERS = "io.micrometer.core.instrument.MeterRegistry";

  private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Level before = root.getLevel();

  private LogCapture(Level level) {
    setContext(root.getLoggerContext());
    start();
    root.setLevel(level);
    root.addAppender(this);
  }

  /// Captures what operators see: INFO and above.
  public static LogCapture start(Level level) {
    return new LogCapture(level);
  }

  @Override
  protected void append(ILoggingEvent event) {
    events.add(event);
  }

  /// The lines of the access log, in order.
  public List<String> access() {
    return events.stream()
        .filter(event -> event.getLoggerName().equals(ACCESS))
        .map(LogCapture::line)
        .toList();
  }

  /// Every line with all that belongs to it.
  public List<String> lines() {
    return events.stream().map(LogCapture::line).toList();
  }

  /// Holds that nothing above DEBUG was logged but by the access log.
  public void assertQuiet() {
    assertThat(
            events.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.INFO))
                .filter(event -> !event.getLoggerName().equals(ACCESS))
                // Vert.x registers some of its gauges again and again, and is told so once.
                .filter(event -> !event.getLoggerName().equals(METERS))
                .map(LogCapture::line))
        .as("logged above DEBUG")
        .isEmpty();
  }

  private static String line(ILoggingEvent event) {
    String trace =
        event.getThrowableProxy() == null
            ? ""
            : " " + ThrowableProxyUtil.asString(event.getThrowableProxy());
    return "%s %s %s %s%s"
        .formatted(
            event.getLevel(),
            event.getLoggerName(),
            event.getFormattedMessage(),
            event.getKeyValuePairs() == null ? "" : event.getKeyValuePairs(),
            trace);
  }

  @Override
  public void close() {
    root.detachAppender(this);
    root.setLevel(before);
  }
}
