package dev.switchboard.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What both encoders take from an event, with every length bounded. Pure functions.
final class LogEvents {
  private static final int MESSAGE_BYTES_MAX = 16 * 1024;
  private static final int CAUSES_MAX = 8;
  private static final int FRAMES_MAX = 64;

  private LogEvents() {}

  static String message(ILoggingEvent event) {
    return SafeText.capped(String.valueOf(event.getFormattedMessage()), MESSAGE_BYTES_MAX);
  }

  /// The key-value pairs in their order; numbers and booleans as they are, the rest as text.
  static Map<String, Object> pairs(ILoggingEvent event) {
    var pairs = new LinkedHashMap<String, Object>();
    if (event.getKeyValuePairs() != null) {
      for (var pair : event.getKeyValuePairs()) {
        pairs.put(
            pair.key,
            switch (pair.value) {
              case Integer number -> number;
              case Long number -> number;
              case Boolean flag -> flag;
              case null, default ->
                  SafeText.capped(String.valueOf(pair.value), SafeText.VALUE_BYTES_MAX);
            });
      }
    }
    return pairs;
  }

  /// One failure of a chain of causes.
  ///
  /// @param title class and message
  /// @param frames where it was thrown, without what it shares with the failure it caused
  record Failure(String title, List<String> frames) {}

  /// The failure and its causes; empty when the event has none.
  static List<Failure> failures(ILoggingEvent event) {
    var failures = new ArrayList<Failure>();
    IThrowableProxy at = event.getThrowableProxy();
    while (at != null && failures.size() < CAUSES_MAX) {
      String message = at.getMessage() == null ? "" : ": " + at.getMessage();
      StackTraceElementProxy[] all = at.getStackTraceElementProxyArray();
      int own = all == null ? 0 : Math.min(FRAMES_MAX, all.length - at.getCommonFrames());
      var frames = new ArrayList<String>();
      for (int i = 0; i < own; i++) {
        frames.add(all[i].getStackTraceElement().toString());
      }
      String title = SafeText.capped(at.getClassName() + message, SafeText.VALUE_BYTES_MAX);
      failures.add(new Failure(title, List.copyOf(frames)));
      at = at.getCause();
    }
    return failures;
  }
}
