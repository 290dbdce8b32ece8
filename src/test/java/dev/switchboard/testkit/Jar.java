package dev.switchboard.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The packed jar as a real process, for as long as a test needs it.
///
/// What it writes to standard output and error is kept, line by line.
public final class Jar implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;
  private static final String END = "\u0000";

  private final Process process;
  private final BlockingQueue<String> unread = new LinkedBlockingQueue<>();
  private final List<String> lines = new ArrayList<>();

  private Jar(Process process) {
    this.process = process;
    Thread.ofVirtual().start(() -> read(process.inputReader()));
  }

  /// Starts a command in a folder.
  public static Jar start(Path folder, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("conf", "jvm.options").toAbsolutePath());
    command.addAll(List.of("-Xmx256m", "-jar", file().toString()));
    command.addAll(List.of(arguments));
    return start(folder, command, Map.of());
  }

  /// Starts it by a command of the test's own.
  ///
  /// @param environment on top of what this JVM was given
  public static Jar start(Path folder, List<String> command, Map<String, String> environment) {
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("SWITCHBOARD_"));
    builder.environment().putAll(environment);
    try {
      return new Jar(builder.start());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// The packed jar.
  public static Path file() {
    try (var files = Files.newDirectoryStream(Path.of("target"), "switchboard-*.jar")) {
      return files.iterator().next().toAbsolutePath();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void read(BufferedReader output) {
    try {
      output.lines().forEach(unread::add);
    } catch (UncheckedIOException killed) {
      // What it said until then counts.
    }
    unread.add(END);
  }

  /// The first match in a line written from now on.
  public Matcher await(String pattern) {
    Pattern wanted = Pattern.compile(pattern);
    while (true) {
      String line = next();
      Matcher matcher = wanted.matcher(line);
      if (line.equals(END)) {
        throw new AssertionError("ended without " + pattern + ":\n" + String.join("\n", lines));
      } else if (matcher.find()) {
        return matcher;
      }
    }
  }

  /// Everything written until the process ended.
  public String output() {
    for (String line = next(); !line.equals(END); ) {
      line = next();
    }
    return String.join("\n", lines);
  }

  /// The exit code, once the process ended by itself.
  public int exitCode() {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("still running");
      }
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /// The number of the process.
  public long pid() {
    return process.pid();
  }

  /// Sends SIGTERM.
  public void terminate() {
    process.destroy();
  }

  private String next() {
    try {
      String line = unread.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        throw new AssertionError("said nothing more:\n" + String.join("\n", lines));
      }
      if (!line.equals(END)) {
        lines.add(line);
      }
      return line;
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
