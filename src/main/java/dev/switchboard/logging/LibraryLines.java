package dev.switchboard.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes a few lines of libraries per second; what the node itself says is written always.
///
/// Safe on any thread. A peer that dies fails thousands of writes at once, and Vert.x throws
/// "Promise already completed" into the log for each: its event bus calls a failed write completed
/// twice. Hazelcast complains of every heartbeat that was late. How many lines were left out is
/// said with the next line in a later second.
final class LibraryLines extends ConsoleAppender<ILoggingEvent> {
  /// Below what one person can read, with room for the node's own lines.
  static final int PER_SECOND = 5;

  private static final Logger LOG = LoggerFactory.getLogger(LibraryLines.class);
  private static final List<String> OWN = List.of("dev.switchboard", "switchboard.");
  private static final long SECOND_MILLIS = 1_000;

  private final AtomicLong second = new AtomicLong();
  private final AtomicInteger lines = new AtomicInteger();
  private final AtomicLong leftOut = new AtomicLong();

  @Override
  public void doAppend(ILoggingEvent event) {
    boolean written = admits(event);
    long count = written ? leftOut() : 0;
    if (count > 0) {
      // Comes here, too: nothing may be under way in the appender below.
      LOG.atWarn().addKeyValue("lines", count).log("lines of libraries were left out");
    }
    if (written) {
      super.doAppend(event);
    }
  }

  /// Whether a line is written. Lines of different threads may come a little out of order.
  boolean admits(ILoggingEvent event) {
    long now = event.getTimeStamp() / SECOND_MILLIS;
    if (second.getAndSet(now) != now) {
      lines.set(0);
    }
    if (OWN.stream().anyMatch(event.getLoggerName()::startsWith)) {
      return true;
    }
    boolean few = lines.incrementAndGet() <= PER_SECOND;
    leftOut.addAndGet(few ? 0 : 1);
    return few;
  }

  /// How many were left out in seconds that are over; they are said once.
  long leftOut() {
    return lines.get() > PER_SECOND ? 0 : leftOut.getAndSet(0);
  }
}
