package dev.switchboard.fuzz;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One target under Jazzer, in a JVM of its own: an engine of libFuzzer knows one target only.
///
/// What reaches something new is kept in the folder of the target, and the next run starts from
/// there. Confined to one thread.
final class FuzzRun {
  private static final Pattern PROGRESS =
      Pattern.compile("^#(\\d+)\\s.*cov: (\\d+) .*exec/s: (\\d+)");
  private static final Pattern EXECUTED =
      Pattern.compile("^stat::number_of_executed_units:\\s+(\\d+)");
  private static final String EXCEPTION = "== Java Exception: ";
  private static final String EXCLUDED_HOOKS =
      // Patterns of tokens come from who signs them.
      "com.code_intelligence.jazzer.sanitizers.RegexInjection";
  private static final long PROGRESS_NANOS = 10_000_000_000L;

  private final FuzzTarget target;
  private final long wanted;
  private final PrintStream out;
  private final long begun = System.nanoTime();
  private long executions;
  private String finding = "";
  private long shownAt = begun;

  /// @param wanted how many executions
  /// @param out is told how far it is
  FuzzRun(FuzzTarget target, long wanted, PrintStream out) {
    this.target = target;
    this.wanted = wanted;
    this.out = out;
  }

  /// Runs it to the end, or to its first finding.
  FuzzResult run() {
    Path log = target.folder().resolve("output.log");
    long before = inputs();
    try {
      Process process = new ProcessBuilder(command()).redirectErrorStream(true).start();
      var closed = new Thread(process::destroyForcibly);
      Runtime.getRuntime().addShutdownHook(closed);
      try (BufferedReader lines = process.inputReader();
          var kept = new PrintStream(Files.newOutputStream(log))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          kept.println(line);
          read(line);
        }
      }
      int code = process.waitFor();
      Runtime.getRuntime().removeShutdownHook(closed);
      if (code != 0 && finding.isEmpty()) {
        finding = "exit code " + code + ", see " + log;
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
    long seconds = (System.nanoTime() - begun) / 1_000_000_000;
    return new FuzzResult(
        target,
        executions,
        Math.max(0, inputs() - before),
        seconds,
        Optional.of(finding).filter(text -> !text.isEmpty()));
  }

  private Path folder() {
    return target.folder().resolve("inputs");
  }

  private long inputs() {
    try {
      Files.createDirectories(folder());
      try (var files = Files.list(folder())) {
        return files.count();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of(
            "-XX:+EnableDynamicAgentLoading",
            "-cp",
            System.getProperty("java.class.path"),
            "com.code_intelligence.jazzer.Jazzer",
            "--target_class=" + target.type(),
            "--target_method=" + target.method(),
            // Off where inputs are only replayed.
            "--hooks=true",
            "--instrumentation_includes=dev.switchboard.**",
            "--disabled_hooks=" + EXCLUDED_HOOKS,
            "--reproducer_path=" + target.folder(),
            "-runs=" + wanted,
            "-max_len=" + target.bytesMax(),
            "-print_final_stats=1",
            "-artifact_prefix=" + target.folder() + "/finding-",
            folder().toString(),
            target.corpus().toString()));
    return command;
  }

  private void read(String line) {
    Matcher progress = PROGRESS.matcher(line);
    Matcher executed = EXECUTED.matcher(line);
    if (progress.find()) {
      executions = Long.parseLong(progress.group(1));
      show(progress.group(2), progress.group(3));
    } else if (executed.find()) {
      executions = Long.parseLong(executed.group(1));
    } else if (line.startsWith(EXCEPTION) && finding.isEmpty()) {
      finding = line.substring(EXCEPTION.length());
    }
  }

  private void show(String edges, String perSecond) {
    if (System.nanoTime() - shownAt > PROGRESS_NANOS) {
      shownAt = System.nanoTime();
      out.printf(
          "%s: %,d of %,d, %s/s, %s edges%n", target.label(), executions, wanted, perSecond, edges);
    }
  }
}
