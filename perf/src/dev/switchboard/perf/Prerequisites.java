package dev.switchboard.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Makes sure that what will be measured is there and new: the gateway's jar, the peers' packages.
final class Prerequisites {
  private static final Duration BUILD_LIMIT = Duration.ofMinutes(15);
  private static final List<Path> SOURCES =
      List.of(Path.of("pom.xml"), Path.of("src", "main"), Path.of("conf"));

  private static final Set<ServerKind> PACKAGED =
      EnumSet.of(ServerKind.BUN, ServerKind.WS, ServerKind.SOCKETIO);

  private Prerequisites() {}

  /// Builds and installs whatever these servers lack.
  static void ensure(Set<ServerKind> servers, Path out) {
    boolean libraries =
        servers.stream().anyMatch(ServerKind::isGateway) || servers.contains(ServerKind.NAIVE);
    if (libraries && !gatewayIsNew()) {
      List<String> build = List.of("mvn", "-q", "-B", "-DskipTests", "package");
      Shell.run(out.resolve("build.log"), BUILD_LIMIT, build);
    }
    if (servers.contains(ServerKind.NAIVE)) {
      compileNaive(out);
    }
    boolean peers = servers.stream().anyMatch(PACKAGED::contains);
    if (peers && !packagesAreNew()) {
      List<String> install = List.of("npm", "ci", "--prefix", Peers.FOLDER.toString());
      Shell.run(out.resolve("npm.log"), BUILD_LIMIT, install);
    }
    if (servers.contains(ServerKind.BUN) && !Files.isExecutable(Peers.BUN)) {
      throw PerfException.missing("no " + Peers.BUN + ": it exists for Linux on x86-64 with glibc");
    }
  }

  /// npm notes in this file what it installed.
  private static boolean packagesAreNew() {
    Path installed = Peers.FOLDER.resolve(Path.of("node_modules", ".package-lock.json"));
    Path wanted = Peers.FOLDER.resolve("package-lock.json");
    return Files.exists(installed) && modified(wanted).compareTo(modified(installed)) <= 0;
  }

  /// Against the libraries the gateway is packed with: both run the same Vert.x and Hazelcast.
  private static void compileNaive(Path out) {
    List<String> compile =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
            "-d",
            Peers.NAIVE_CLASSES.toString(),
            "-cp",
            Gateway.LIBRARIES,
            Peers.NAIVE_SOURCE.toString());
    Shell.run(out.resolve("naive.log"), BUILD_LIMIT, compile);
  }

  private static boolean gatewayIsNew() {
    try {
      FileTime built = Files.getLastModifiedTime(Gateway.jar());
      return SOURCES.stream().allMatch(source -> newest(source).compareTo(built) <= 0);
    } catch (PerfException _) {
      return false;
    } catch (IOException e) {
      throw PerfException.failed("cannot read the age of the gateway", e);
    }
  }

  private static FileTime newest(Path source) {
    if (!Files.exists(source)) {
      return FileTime.fromMillis(0);
    }
    try (Stream<Path> files = Files.walk(source)) {
      return files
          .filter(file -> !file.toString().contains("node_modules"))
          .map(Prerequisites::modified)
          .max(Comparator.naturalOrder())
          .orElse(FileTime.fromMillis(0));
    } catch (IOException e) {
      throw PerfException.failed("cannot read " + source, e);
    }
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw PerfException.failed("cannot read the age of " + file, e);
    }
  }
}
