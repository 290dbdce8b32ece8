package dev.switchboard.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;

/// A file of `perf/results`: where and when something was measured, and what.
public final class Sheet {
  private static final Path RESULTS = Path.of("perf", "results");

  private Sheet() {}

  /// Writes one; a second one of the same day gets a number.
  ///
  /// @param topic such as `faults-rolling`
  /// @param text Markdown, from the first heading below the title
  public static Path write(String topic, String text) {
    LocalDate today = LocalDate.now();
    String name = today + "-" + topic;
    try {
      Files.createDirectories(RESULTS);
      Path page = RESULTS.resolve(name + ".md");
      for (int next = 2; Files.exists(page); next++) {
        page = RESULTS.resolve(name + "-" + next + ".md");
      }
      String title = today + " " + topic.replaceFirst("-", " ");
      return Files.writeString(page, head(title) + text, StandardOpenOption.CREATE_NEW);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String head(String title) {
    return """
    # %s

    * Commit: %s
    * Processor: %s, %d cores
    * Kernel: Linux %s
    * Load average when the page was written: %s
    * JDK: %s %s

    """
        .formatted(
            title,
            commit(),
            first(Path.of("/proc/cpuinfo"), "model name"),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.version"),
            first(Path.of("/proc/loadavg"), ""),
            System.getProperty("java.vm.name"),
            System.getProperty("java.runtime.version"));
  }

  private static String commit() {
    String commit = output("git", "rev-parse", "--short=12", "HEAD");
    String changed = output("git", "status", "--porcelain", "--", "src/main", "conf");
    return changed.isEmpty() ? commit : commit + " with local changes";
  }

  private static String output(String... command) {
    try {
      var process = new ProcessBuilder(command).start();
      try (BufferedReader reader = process.inputReader()) {
        return reader.lines().findFirst().orElse("");
      }
    } catch (IOException missing) {
      return "unknown";
    }
  }

  private static String first(Path file, String key) {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(key.length()).replaceFirst("^\\s*:\\s*", ""))
          .findFirst()
          .orElse("unknown");
    } catch (IOException missing) {
      return "unknown";
    }
  }
}
