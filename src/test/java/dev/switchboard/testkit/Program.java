package dev.switchboard.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program beside this JVM, with a time limit; what it prints is kept in `target/programs`.
///
/// Closing it ends it with all that it started.
public final class Program implements AutoCloseable {
  private static final Path LOGS = Path.of("target", "programs");

  private final Process process;
  private final Path log;

  private Program(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /// Starts a program.
  ///
  /// @param name of its log
  /// @param environment on top of what this JVM was given
  public static Program start(String name, List<String> command, Map<String, String> environment) {
    try {
      Path log = Files.createDirectories(LOGS).resolve(name + ".log");
      var builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().putAll(environment);
      return new Program(builder.start(), log);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Waits for the end and expects exit code 0.
  ///
  /// @return what it printed
  public String succeed(Duration limit) {
    return exit(0, limit);
  }

  /// Waits for the end and expects exit code 1.
  ///
  /// @return what it printed
  public String fail(Duration limit) {
    return exit(1, limit);
  }

  private String exit(int code, Duration limit) {
    try {
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      String output = Files.readString(log);
      assertThat(ended).as("ends within %s; it printed\n%s", limit, output).isTrue();
      assertThat(process.exitValue()).as("exit code; it printed\n%s", output).isEqualTo(code);
      return output;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /// Whether it printed this so far, or ended: then [#succeed] tells how.
  public boolean hasPrintedOrEnded(String text) {
    try {
      return !process.isAlive() || Files.readString(log).contains(text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Types a line into it.
  public void type(String line) {
    try {
      BufferedWriter input = process.outputWriter();
      input.write(line);
      input.newLine();
      input.flush();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Ends its standard input.
  public void endInput() {
    try {
      process.outputWriter().close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
