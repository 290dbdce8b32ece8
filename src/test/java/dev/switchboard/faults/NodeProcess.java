package dev.switchboard.faults;

import dev.switchboard.testkit.Jar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One node of a cluster: a real process at a time, and how to hurt it.
///
/// Confined to the harness's thread. The process of a later start writes to the same log.
final class NodeProcess implements AutoCloseable {
  private final int number;
  private final List<String> command = new ArrayList<>();
  private final Path log;
  private final NodeApi api;
  private Process process;

  /// @param prefix what runs it where it belongs, such as `ip netns exec NAME`
  /// @param settings `key=value`, all of them
  NodeProcess(int number, List<String> prefix, List<String> settings, Path log, NodeApi api) {
    this.number = number;
    this.log = log;
    this.api = api;
    command.addAll(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("conf", "jvm.options").toAbsolutePath());
    command.addAll(List.of("-Xmx512m", "-jar", Jar.file().toString(), "serve"));
    settings.forEach(setting -> command.addAll(List.of("--set", setting)));
  }

  /// Counted from 1.
  int number() {
    return number;
  }

  /// Its `node.name`.
  String name() {
    return "node-" + number;
  }

  NodeApi api() {
    return api;
  }

  void start() {
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(log.toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("SWITCHBOARD_"));
    try {
      process = builder.start();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  boolean runs() {
    return process.isAlive();
  }

  /// kill -9.
  void kill() {
    process.destroyForcibly();
  }

  /// SIGTERM.
  void terminate() {
    process.destroy();
  }

  /// SIGSTOP.
  void stop() {
    signal("STOP");
  }

  /// SIGCONT.
  void wake() {
    signal("CONT");
  }

  private void signal(String name) {
    Terrain.run("kill", "-" + name, Long.toString(process.pid()));
  }

  /// What it wrote, over all its lives.
  LogLines lines() {
    return LogLines.read(log);
  }

  /// The exit code, or -1 when it did not end in time.
  int exitCode(Duration limit) {
    try {
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      return ended ? process.exitValue() : -1;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
