package dev.switchboard.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/// A line for people: time, level, logger, message, then `key=value`; a stack trace is indented.
///
/// Immutable, safe on any thread. Only a failure of ours takes more than one line, and what its
/// messages say stays on theirs.
final class TextLogEncoder extends EncoderBase<ILoggingEvent> {
  private static final Pattern PLAIN = Pattern.compile("[\\w.,:;/@+*#~%&?!()\\[\\]<>-]+");

  private final DateTimeFormatter time;

  TextLogEncoder(ZoneId zone) {
    this.time = DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(zone);
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    String logger = event.getLoggerName();
    var line = new StringBuilder(160);
    time.formatTo(event.getInstant(), line);
    line.append(' ')
        .append("%-5s".formatted(event.getLevel()))
        .append(' ')
        .append(SafeText.line(logger.substring(logger.lastIndexOf('.') + 1)))
        .append(": ")
        .append(SafeText.line(LogEvents.message(event)));
    LogEvents.pairs(event)
        .forEach(
            (key, value) ->
                line.append(' ').append(key).append('=').append(shown(value.toString())));
    line.append('\n');
    String start = "  ";
    for (var failure : LogEvents.failures(event)) {
      line.append(start).append(SafeText.line(failure.title())).append('\n');
      failure.frames().forEach(frame -> line.append("    at ").append(frame).append('\n'));
      start = "  caused by ";
    }
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String shown(String value) {
    return PLAIN.matcher(value).matches() ? value : SafeText.quoted(value);
  }
}
