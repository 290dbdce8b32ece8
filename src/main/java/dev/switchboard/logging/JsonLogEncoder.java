package dev.switchboard.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// One flat JSON object per line: time, level, logger, thread, message, then the event's own keys.
///
/// Immutable, safe on any thread. Flat, because log stores index top-level keys; ours come last and
/// cannot replace the first five.
final class JsonLogEncoder extends EncoderBase<ILoggingEvent> {
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
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("time", event.getInstant().toString());
    members.put("level", event.getLevel().toString());
    members.put("logger", event.getLoggerName());
    members.put("thread", event.getThreadName());
    members.put("message", LogEvents.message(event));
    LogEvents.pairs(event).forEach(members::putIfAbsent);
    putFailure(members, event);
    var line = new StringBuilder(256);
    for (var member : members.entrySet()) {
      line.append(line.isEmpty() ? '{' : ',')
          .append(SafeText.quoted(member.getKey()))
          .append(':')
          .append(
              member.getValue() instanceof String text ? SafeText.quoted(text) : member.getValue());
    }
    return line.append("}\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void putFailure(Map<String, Object> members, ILoggingEvent event) {
    var failures = LogEvents.failures(event);
    if (failures.isEmpty()) {
      return;
    }
    var stack = new StringBuilder();
    for (var failure : failures) {
      stack.append(stack.isEmpty() ? "" : "caused by ").append(failure.title()).append('\n');
      failure.frames().forEach(frame -> stack.append("  at ").append(frame).append('\n'));
    }
    members.putIfAbsent("error", failures.getFirst().title());
    members.putIfAbsent("stack", stack.toString());
  }
}
