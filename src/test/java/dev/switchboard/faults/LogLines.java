package dev.switchboard.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How much a node wrote to its log: its access log not counted, which says who came. Immutable.
///
/// @param warnings at WARN and ERROR
/// @param perSecond all, by the second in which they were written, such as `2026-11-24T03:49:13`
record LogLines(long warnings, Map<String, Integer> perSecond) {
  private static final Pattern LINE =
      Pattern.compile(
          "\\{\"time\":\"([^\".]*)[^\"]*\",\"level\":\"(\\w+)\",\"logger\":\"([^\"]*)\".*");
  private static final String ACCESS = "switchboard.access";

  /// Reads a log of lines of JSON; others are of the JVM and count for the second before them.
  static LogLines read(Path log) {
    Map<String, Integer> perSecond = new HashMap<>();
    long warnings = 0;
    String second = "";
    try (var lines = Files.newBufferedReader(log)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher parts = LINE.matcher(line);
        boolean known = parts.matches();
        if (known && parts.group(3).endsWith(ACCESS)) {
          continue;
        }
        second = known ? parts.group(1) : second;
        warnings += known && parts.group(2).matches("WARN|ERROR") ? 1 : 0;
        perSecond.merge(second, 1, Integer::sum);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return new LogLines(warnings, perSecond);
  }

  /// What came after an earlier reading of the same log.
  LogLines since(LogLines earlier) {
    Map<String, Integer> later = new HashMap<>(perSecond);
    earlier.perSecond.forEach((second, lines) -> later.merge(second, -lines, Integer::sum));
    return new LogLines(warnings - earlier.warnings, later);
  }

  /// The most in one second.
  int busiest() {
    return perSecond.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }
}
