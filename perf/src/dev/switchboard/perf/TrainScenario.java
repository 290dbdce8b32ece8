package dev.switchboard.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/// A rehearsal from which the JVM learns what a node needs: the AOT cache (JEP 483, 514, 515), with
/// which a node starts sooner and has code for its first clients.
///
/// The node is one of a cluster, since that start is the long one.
final class TrainScenario {
  /// What nodes are started with, where it is newer than their jar.
  static final Path CACHE = Path.of("target", "switchboard.aot");

  /// Set by `scripts/image`: the files of an image, whose runtime and flags are trained instead.
  private static final String IMAGE = System.getenv("IMAGE_FILES");

  private static final Path RECORD = Path.of("target", "switchboard.aotconf");
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final int STORMS = 3;
  private static final int STORM = 1_000;
  private static final int WINDOW = 64;
  private static final int SUBSCRIBERS = 200;
  private static final int IN_FLIGHT = 4;
  private static final Duration FANOUT = Duration.ofSeconds(5);
  private static final int PAYLOAD_BYTES = 128;

  private final Options options;

  TrainScenario(Options options) {
    this.options = options;
  }

  /// Makes the cache anew.
  void run() {
    try {
      Files.deleteIfExists(cache());
      Files.deleteIfExists(RECORD);
      record();
      Shell.run(ResultsPage.OUT.resolve("train.log"), LIMIT, create());
      Files.deleteIfExists(RECORD);
      System.out.printf("Written: %s, %,d KiB%n", cache(), Files.size(cache()) / 1_024);
    } catch (IOException e) {
      throw PerfException.failed("cannot write " + cache(), e);
    }
  }

  private void record() {
    List<Integer> ports = Ports.free(2);
    List<String> cluster =
        List.of(
            "node.drain_period=0s",
            "cluster.enabled=true",
            "cluster.host=127.0.0.1",
            "cluster.port=" + ports.get(0),
            "cluster.bus_port=" + ports.get(1),
            "cluster.members=127.0.0.1:" + ports.get(0));
    Launch launch =
        new Gateway(options)
            .launch(
                ServerKind.SWITCHBOARD,
                Channels.ONE::nameOf,
                List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + RECORD),
                cluster);
    Path log = ResultsPage.OUT.resolve("train-node.log");
    System.out.println("a node takes clients, and the JVM takes notes ...");
    try (ServerProcess server = ServerProcess.start(launch, OptionalInt.empty(), log)) {
      rehearse(launch);
      server.terminate(LIMIT);
    }
    if (!Files.exists(RECORD)) {
      throw PerfException.failed("the JVM took no notes, see " + log);
    }
  }

  private static void rehearse(Launch launch) {
    try (StormClient client = new StormClient(launch)) {
      for (int storm = 0; storm < STORMS; storm++) {
        client.arrive(StormClient.Kind.PLAIN, STORM, WINDOW, LIMIT);
        client.leave();
      }
    }
    try (LoadClient client = new LoadClient(launch, Channels.ONE)) {
      client.openSubscribers(SUBSCRIBERS, WINDOW, LIMIT);
      client.openPublisher(LIMIT);
      String payload = client.dialect().payload(PAYLOAD_BYTES);
      long end = System.nanoTime() + FANOUT.toNanos();
      while (System.nanoTime() < end) {
        client.publishRound(IN_FLIGHT, 1, List.of(payload), LIMIT);
      }
    }
  }

  private static Path home() {
    return Path.of(IMAGE, "opt", "switchboard");
  }

  private static Path cache() {
    return IMAGE == null ? CACHE : home().resolve("switchboard.aot");
  }

  private static List<String> create() {
    Path java =
        IMAGE == null ? Path.of(System.getProperty("java.home")) : Path.of(IMAGE, "opt/java");
    Path conf = IMAGE == null ? Path.of("conf") : home().resolve("conf");
    Path jar = IMAGE == null ? Gateway.jar() : home().resolve("switchboard.jar");
    return List.of(
        java.resolve("bin").resolve("java").toString(),
        "@" + conf.resolve("jvm.options"),
        "-XX:AOTMode=create",
        "-XX:AOTConfiguration=" + RECORD,
        "-XX:AOTCache=" + cache(),
        "-jar",
        jar.toAbsolutePath().toString());
  }
}
