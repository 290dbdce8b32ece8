package dev.switchboard.faults;

import dev.switchboard.faults.referee.Verdict;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What many rounds of one scenario showed, as a page of `perf/results`. Immutable.
record Page(Scenario scenario, Load load, List<RoundResult> results) {
  private static final Path RESULTS = Path.of("perf", "results");

  /// Writes it; a second page of the same day gets a number.
  Path write() {
    String name = LocalDate.now() + "-faults-" + scenario.label();
    try {
      Files.createDirectories(RESULTS);
      Path page = RESULTS.resolve(name + ".md");
      for (int next = 2; Files.exists(page); next++) {
        page = RESULTS.resolve(name + "-" + next + ".md");
      }
      return Files.writeString(page, text(name), StandardOpenOption.CREATE_NEW);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private String text(String name) {
    long failed = results.stream().filter(result -> !result.passed()).count();
    return """
    # %s

    * Commit: %s
    * Processor: %s, %d cores
    * Kernel: Linux %s
    * Load average when the page was written: %s
    * JDK: %s %s

    ## Method

    %s: %d rounds (`scripts/faults --rounds %d %s`), %d nodes as processes of their own on this
    machine, %,d clients of the Java SDK, which share it; 25 publications per node and second to
    channels without a log, judged by `Ledger`. %s

    ## Results

    %d of %d rounds passed.

    %s
    From the fault until a client that had lost its session was whole again: %s.

    Channels without a log: %s

    %s
    With no breach in n trials the 95 %% bound is 3/n.
    """
        .formatted(
            name.replace("-faults-", " faults "),
            commit(),
            first(Path.of("/proc/cpuinfo"), "model name"),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("os.version"),
            first(Path.of("/proc/loadavg"), ""),
            System.getProperty("java.vm.name"),
            System.getProperty("java.runtime.version"),
            scenario.text(),
            results.size(),
            results.size(),
            scenario.label(),
            load.nodes(),
            load.clients(),
            streamsMethod(),
            results.size() - failed,
            results.size(),
            times(),
            Report.recoveries(results).text(),
            tallies(),
            streams());
  }

  private String times() {
    String rows =
        Arrays.stream(RoundResult.Step.values())
            .map(
                step ->
                    "| %s | %s |"
                        .formatted(step.name().toLowerCase(Locale.ROOT), times(step).text()))
            .collect(Collectors.joining("\n"));
    return "| step | over all rounds |\n|---|---|\n" + rows + "\n";
  }

  private Percentiles times(RoundResult.Step step) {
    return new Percentiles(
        results.stream().flatMap(result -> result.timeOf(step).stream()).toList());
  }

  private String tallies() {
    Tally sum = Report.sum(results);
    return ("%,d accepted, %,d receipts; %d lost, %,d missed under the fault, %d twice,"
            + " %d reordered, %d stale; the oldest was %,d ms old.")
        .formatted(
            sum.accepted(),
            sum.delivered(),
            sum.lost(),
            sum.missed(),
            sum.duplicates(),
            sum.reordered(),
            sum.stale(),
            sum.oldestMillis());
  }

  private String streams() {
    Verdict verdict = Report.verdict(results);
    return verdict.equals(Verdict.NONE)
        ? "The nodes kept no streams.\n"
        : "Streams:\n\n" + verdict.text();
  }

  private String streamsMethod() {
    if (Report.verdict(results).equals(Verdict.NONE)) {
      return "No streams.";
    }
    String promise =
        scenario.newEpochs()
            ? "may lose their continuity here, but not in silence."
            : "may not lose their continuity here.";
    return """
    Beside them %,d per second to
    streams, each with an idempotency key, a tenth repeated on purpose, repeated on another node
    while unacknowledged. After each round all logs are read on all nodes and judged by
    `Referee`. Streams %s\
    """
        .formatted(load.rate(), promise);
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
