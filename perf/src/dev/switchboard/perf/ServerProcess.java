package dev.switchboard.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// A server that runs while this object is open; it ends with us whatever happens.
final class ServerProcess implements AutoCloseable {
  private static final Duration READY_LIMIT = Duration.ofSeconds(90);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
  private static final Path DIES_WITH_PARENT = Path.of("/usr/bin/setpriv");
  private static final int LOG_TAIL_LINES = 15;

  private final Launch launch;
  private final Path log;
  private final Process process;
  private final Thread onExit;

  /// Starts the server and waits until it takes connections.
  ///
  /// @param core the one core it may use, or empty for all
  /// @param log where its output goes
  static ServerProcess start(Launch launch, OptionalInt core, Path log) {
    ServerProcess server = launch(launch, core, log);
    try {
      server.awaitReady();
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /// As [#start], without waiting.
  static ServerProcess launch(Launch launch, OptionalInt core, Path log) {
    return new ServerProcess(launch, core, log);
  }

  private ServerProcess(Launch launch, OptionalInt core, Path log) {
    this.launch = launch;
    this.log = log;
    List<String> command = dyingWithUs();
    if (core.isPresent()) {
      command.addAll(List.of("taskset", "--cpu-list", "" + core.getAsInt()));
    }
    command.addAll(launch.command());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(launch.environment());
    onExit = new Thread(this::stop);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw PerfException.failed("cannot start " + launch.kind().label(), e);
    }
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  /// What a command begins with that must not outlive this process, where that can be had.
  static List<String> dyingWithUs() {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(DIES_WITH_PARENT)) {
      command.addAll(List.of(DIES_WITH_PARENT.toString(), "--pdeathsig", "KILL"));
    }
    return command;
  }

  /// How it was started.
  Launch launch() {
    return launch;
  }

  /// The process that does the work: a launcher may have started it.
  long pid() {
    return process
        .descendants()
        .filter(child -> child.info().command().orElse("").endsWith("/java"))
        .findFirst()
        .map(ProcessHandle::pid)
        .orElse(process.pid());
  }

  double cpuSeconds() {
    return Cpu.seconds(pid());
  }

  /// Waits until it takes connections.
  void awaitReady() {
    await(launch.ready(), "ready");
  }

  /// Waits until it sees so many members of its cluster, itself included.
  void awaitMembers(int count) {
    await(() -> launch.members().getAsInt() == count, "in a cluster of " + count);
  }

  private void await(BooleanSupplier condition, String what) {
    long deadline = System.nanoTime() + READY_LIMIT.toNanos();
    String name = launch.kind().label();
    while (!condition.getAsBoolean()) {
      if (!process.isAlive()) {
        throw PerfException.failed(
            "%s ended with %d before it was %s%s"
                .formatted(name, process.exitValue(), what, logTail()));
      }
      if (System.nanoTime() > deadline) {
        throw PerfException.failed(
            "%s was not %s after %d s%s".formatted(name, what, READY_LIMIT.toSeconds(), logTail()));
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PerfException.failed("interrupted");
    }
  }

  /// Stops it where it is (SIGSTOP): its sockets stay open and nothing reads them.
  void suspend() {
    Shell.run(List.of("kill", "-STOP", "" + pid()));
  }

  /// Asks it to end and waits until it has, as whoever has something to write wants.
  void terminate(Duration limit) {
    ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroy);
    try {
      if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
        throw PerfException.failed(launch.kind().label() + " does not end" + logTail());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PerfException.failed("interrupted");
    }
  }

  /// Ends it at once, suspended or not; it still has to be closed.
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /// The last lines the server wrote, to show beside a failure.
  String logTail() {
    try {
      List<String> lines = Files.readAllLines(log);
      int from = Math.max(0, lines.size() - LOG_TAIL_LINES);
      String tail = String.join("\n  ", lines.subList(from, lines.size()));
      return "; " + log + " ends with:\n  " + tail;
    } catch (IOException e) {
      return "; cannot read " + log + ": " + e;
    }
  }

  @Override
  public void close() {
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException _) {
      // The virtual machine is going down: the hook runs, and stopping twice does no harm.
      return;
    }
  }

  private void stop() {
    List<ProcessHandle> family =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    family.forEach(ProcessHandle::destroy);
    try {
      if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        family.forEach(ProcessHandle::destroyForcibly);
        process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (InterruptedException _) {
      family.forEach(ProcessHandle::destroyForcibly);
      Thread.currentThread().interrupt();
    }
    family.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    launch.privateFiles().ifPresent(ServerProcess::delete);
  }

  private static void delete(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      System.err.println("perf/run: cannot delete " + folder + ": " + e);
    }
  }
}
