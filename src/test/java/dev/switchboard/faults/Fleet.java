package dev.switchboard.faults;

import dev.switchboard.faults.referee.Fact;
import dev.switchboard.testkit.Requirement;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Clients of a published SDK; what they do is in `src/test/sdk-java/SdkFleet.java` and
/// `src/test/js/fleet.mjs`.
///
/// Confined to the harness's thread. In a process of its own, as in `JavaSdkIT`. What it said is
/// kept in `fleet.log`.
final class Fleet implements AutoCloseable {
  private final Process process;
  private final PrintStream wanted;
  private final BlockingQueue<FleetEvent> unread = new LinkedBlockingQueue<>();
  private final FleetLog log = new FleetLog();
  private final Witness witness = new Witness();
  private final Consumer<Fact> referee;

  private Fleet(Process process, Path said, Consumer<Fact> referee) {
    this.process = process;
    this.referee = referee;
    this.wanted = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    Thread.ofVirtual().start(() -> read(process.inputReader(), said));
  }

  /// Clients of the Java SDK.
  ///
  /// @param hosts of the nodes, in their order
  /// @param referee hears what clients see of streams, on the harness's thread
  static Fleet start(Path folder, List<String> hosts, int port, Consumer<Fact> referee) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command =
        List.of(
            java,
            "-Xmx512m",
            "-cp",
            Requirement.javaSdk() + "/*",
            "src/test/sdk-java/SdkFleet.java");
    return start(folder, command, hosts, port, referee);
  }

  /// Clients of the JavaScript SDK, of which a process can have thousands.
  ///
  /// @param host of a balancer
  /// @param referee hears what clients see of streams, on the harness's thread
  static Fleet startMany(Path folder, String host, int port, Consumer<Fact> referee) {
    var command =
        List.of(
            Requirement.node().toString(),
            Requirement.npmPackages().resolve("fleet.mjs").toString());
    return start(folder, command, List.of(host), port, referee);
  }

  private static Fleet start(
      Path folder, List<String> command, List<String> hosts, int port, Consumer<Fact> referee) {
    var builder = new ProcessBuilder(command).redirectError(folder.resolve("fleet.err").toFile());
    builder.environment().put("HOSTS", String.join(",", hosts));
    builder.environment().put("PORT", Integer.toString(port));
    try {
      return new Fleet(builder.start(), folder.resolve("fleet.log"), referee);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void read(BufferedReader output, Path said) {
    try (var copy = Files.newBufferedWriter(said)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        copy.write(line);
        copy.newLine();
        unread.add(FleetEvent.parse(line));
      }
    } catch (IOException killed) {
      // What it said until then counts.
    }
  }

  /// Lets one more client connect.
  ///
  /// @param home index of the node it tries first, from 0
  void launch(String name, int home, String token, List<String> channels) {
    wanted.println(String.join(" ", name, "" + home, token, String.join(",", channels)));
  }

  /// Memory and threads of its JVM, as the kernel counts them.
  String footprint() {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS") || line.startsWith("Threads"))
          .map(line -> line.replaceAll("\\s+", " "))
          .collect(Collectors.joining(", "));
    } catch (IOException gone) {
      return "unknown";
    }
  }

  /// All that has happened so far.
  FleetLog log() {
    for (FleetEvent event = unread.poll(); event != null; event = unread.poll()) {
      log.apply(event);
      witness.testify(event).ifPresent(referee);
    }
    return log;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
