package dev.switchboard.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs short commands of the tools around a measurement.
final class Shell {
  private Shell() {}

  /// Shows the command's output to the user; fails when the command does.
  static void run(Path log, Duration limit, List<String> command) {
    System.out.println("$ " + String.join(" ", command));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    try {
      Process process = builder.start();
      if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw PerfException.missing(command.getFirst() + " took over " + limit + ", see " + log);
      }
      if (process.exitValue() != 0) {
        throw PerfException.missing(
            command.getFirst()
                + " ended with "
                + process.exitValue()
                + ", see "
                + log
                + ": "
                + firstError(log));
      }
    } catch (IOException e) {
      throw PerfException.missing(command.getFirst() + " is not installed: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PerfException.failed("interrupted");
    }
  }

  /// Runs a command that is over at once; fails when it does.
  static void run(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw PerfException.failed(String.join(" ", command) + " failed");
      }
    } catch (IOException e) {
      throw PerfException.missing(command.getFirst() + " is not installed: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PerfException.failed("interrupted");
    }
  }

  private static String firstError(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return lines.stream()
        .filter(line -> line.matches("(?i).*error.*[a-z/].*: .*"))
        .findFirst()
        .orElse(lines.isEmpty() ? "" : lines.getLast());
  }

  /// First line of what the command prints, or "unknown": for the record, never for a decision.
  static String firstLine(String... command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String output = new String(process.getInputStream().readAllBytes());
      boolean good = process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
      return good ? output.lines().findFirst().orElse("") : "unknown";
    } catch (IOException _) {
      return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PerfException.failed("interrupted");
    }
  }
}
