package dev.switchboard.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a reader must know about where numbers were taken.
final class Machine {
  private Machine() {}

  /// A Markdown list: commit, processor, kernel, runtimes.
  static String describe(List<ServerKind> servers) {
    StringBuilder text = new StringBuilder();
    text.append("* Commit: ").append(commit()).append('\n');
    text.append("* Processor: ").append(processor()).append(", ");
    text.append(cores()).append(" cores, ");
    text.append(memory()).append('\n');
    text.append("* Kernel: Linux ").append(System.getProperty("os.version")).append('\n');
    text.append("* Load average when the page was written: ").append(load()).append('\n');
    text.append("* JDK: ").append(System.getProperty("java.vm.name")).append(' ');
    text.append(System.getProperty("java.runtime.version")).append('\n');
    if (servers.stream().anyMatch(ServerKind::isGateway)) {
      boolean trained = Files.exists(TrainScenario.CACHE);
      text.append("* AOT cache: ").append(trained ? "yes" : "no").append('\n');
    }
    if (servers.contains(ServerKind.BUN)) {
      String version = Shell.firstLine(Peers.BUN.toString(), "--version");
      text.append("* Bun: ").append(version).append('\n');
    }
    if (servers.contains(ServerKind.WS) || servers.contains(ServerKind.SOCKETIO)) {
      text.append("* Node: ").append(Shell.firstLine("node", "--version")).append('\n');
    }
    return text.toString();
  }

  private static String commit() {
    String commit = Shell.firstLine("git", "rev-parse", "--short=12", "HEAD");
    String changed =
        Shell.firstLine(
            "git", "status", "--porcelain", "--", "src/main", "conf", "perf", ":!perf/results");
    return changed.isEmpty() ? commit : commit + " with local changes";
  }

  private static String processor() {
    return find("/proc/cpuinfo", "model name");
  }

  /// Of the machine: the virtual machine sees only what it is pinned to.
  private static long cores() {
    return lines("/proc/cpuinfo").stream().filter(line -> line.startsWith("processor")).count();
  }

  private static String load() {
    String[] averages = lines("/proc/loadavg").getFirst().split(" ");
    return averages[0] + " (1 min), " + averages[1] + " (5 min)";
  }

  private static String memory() {
    long kilobytes = Long.parseLong(find("/proc/meminfo", "MemTotal").replaceAll("\\D", ""));
    return Math.round(kilobytes / 1048576.0) + " GiB";
  }

  private static String find(String file, String key) {
    return lines(file).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).replaceFirst("^\\s*:", "").strip())
        .findFirst()
        .orElse("0 (unknown)");
  }

  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file));
    } catch (IOException e) {
      throw PerfException.failed("cannot read " + file, e);
    }
  }

  /// Lets all other threads of the machine go before the calling one.
  static void giveWay() {
    try {
      Path thread = Path.of("/proc/thread-self").toRealPath();
      Shell.run(List.of("chrt", "--idle", "--pid", "0", thread.getFileName().toString()));
    } catch (IOException e) {
      throw PerfException.failed("cannot find out which thread this is", e);
    }
  }

  /// Fails when this process may not open so many sockets.
  static void checkDescriptors(int sockets) {
    String soft = find("/proc/self/limits", "Max open files").split("\\s+")[0];
    if (!soft.equals("unlimited") && Long.parseLong(soft) < sockets + 500L) {
      throw PerfException.usage(
          sockets + " connections need more than the " + soft + " descriptors of ulimit -n");
    }
  }
}
