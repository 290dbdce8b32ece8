package dev.switchboard.perf;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/// Starts Switchboard for a measurement: one node or a cluster, its own secrets, limits out of the
/// way.
final class Gateway {
  private static final Path TARGET = Path.of("target");

  /// Class path of the libraries beside the packaged gateway.
  static final String LIBRARIES = TARGET.resolve("lib") + "/*";

  private static final Path LAUNCHER = Path.of("scripts", "switchboard");

  /// Flags a node needs on Java 25, for when no launcher is there to add them.
  static final List<String> NODE_FLAGS =
      List.of(
          "-XX:+UseCompactObjectHeaders",
          "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "--add-modules=java.se");

  private final Options options;

  Gateway(Options options) {
    this.options = options;
  }

  /// What all nodes of one cluster share.
  private record Secrets(String token, String apiKey, String clusterName, String clusterKey) {}

  /// One server of any kind, whose subscriber `i` listens to `channel(i)`.
  ///
  /// @param jvmFlags what the scenario itself needs of the gateway's JVM
  Launch launchAny(ServerKind kind, IntFunction<String> channel, List<String> jvmFlags) {
    return switch (kind) {
      case SWITCHBOARD, SWITCHBOARD_DEFLATE, SWITCHBOARD_PROTOBUF, SWITCHBOARD_DELTA ->
          launch(kind, channel, jvmFlags);
      case BUN -> Peers.bun(channel);
      case WS -> Peers.ws(channel);
      case SOCKETIO -> Peers.socketIo(channel);
      case NAIVE -> throw PerfException.usage("naive is measured in scenario cluster only");
    };
  }

  /// A node whose subscriber `i` listens to `channel(i)`.
  ///
  /// @param kind what clients and it agree on
  /// @param jvmFlags what the scenario itself needs
  Launch launch(ServerKind kind, IntFunction<String> channel, List<String> jvmFlags) {
    return launch(kind, channel, jvmFlags, List.of());
  }

  /// As that.
  ///
  /// @param settings what the scenario itself needs, `key=value`
  Launch launch(
      ServerKind kind, IntFunction<String> channel, List<String> jvmFlags, List<String> settings) {
    List<String> all = new ArrayList<>(settings);
    all.addAll(settingsOf(kind));
    return launch(kind, secrets(), channel, jvmFlags, all, Ports.free(2));
  }

  private static List<String> settingsOf(ServerKind kind) {
    return switch (kind) {
      case SWITCHBOARD_DEFLATE -> List.of("http.permessage_deflate.enabled=true");
      // A patch is made against the publication before, so that has to be kept.
      case SWITCHBOARD_DELTA ->
          List.of(
              "channel.without_namespace.history_size=1",
              "channel.without_namespace.history_ttl=3600s",
              "channel.without_namespace.allowed_delta_types=fossil",
              "channel.without_namespace.delta_publish=true");
      case SWITCHBOARD, SWITCHBOARD_PROTOBUF, BUN, WS, SOCKETIO, NAIVE -> List.of();
    };
  }

  private static Dialect dialectOf(
      ServerKind kind, IntFunction<String> token, IntFunction<String> channel) {
    return kind == ServerKind.SWITCHBOARD_PROTOBUF
        ? new Protobuf(token, channel)
        : new Dialect.Centrifuge(token, channel, kind == ServerKind.SWITCHBOARD_DELTA);
  }

  /// Nodes of one cluster on explicit loopback ports; one node alone is no cluster.
  ///
  /// @param settings what the scenario itself needs, `key=value`
  List<Launch> launchCluster(
      int nodes, IntFunction<String> channel, List<String> jvmFlags, List<String> settings) {
    Secrets secrets = secrets();
    List<Integer> ports = Ports.free(4 * nodes);
    String members =
        ports.stream().limit(nodes).map(port -> "127.0.0.1:" + port).collect(joining(","));
    List<Launch> launches = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      List<String> all = new ArrayList<>(settings);
      all.add("node.name=" + (char) ('a' + i));
      if (nodes > 1) {
        all.add("cluster.enabled=true");
        all.add("cluster.host=127.0.0.1");
        all.add("cluster.port=" + ports.get(i));
        all.add("cluster.bus_port=" + ports.get(nodes + i));
        all.add("cluster.members=" + members);
      }
      List<Integer> own = ports.subList(2 * (nodes + i), 2 * (nodes + i) + 2);
      launches.add(launch(ServerKind.SWITCHBOARD, secrets, channel, jvmFlags, all, own));
    }
    return launches;
  }

  private Launch launch(
      ServerKind kind,
      Secrets secrets,
      IntFunction<String> channel,
      List<String> jvmFlags,
      List<String> settings,
      List<Integer> ports) {
    Path folder = privateFolder();
    Path config = folder.resolve("perf.yaml");
    write(config, config(secrets));
    Token token = new Token(secrets.token());
    IntFunction<String> tokenOf = i -> token.sign(i < 0 ? "perf-publisher" : "perf-" + i);
    List<String> flags = new ArrayList<>(jvmFlags);
    flags.addAll(options.jvmFlags());
    List<String> command = new ArrayList<>(command(flags, config));
    command.addAll(List.of("--port", "" + ports.get(0), "--internal-port", "" + ports.get(1)));
    Stream.concat(settings.stream(), options.gatewaySettings().stream())
        .forEach(setting -> command.addAll(List.of("--set", setting)));
    URI internal = URI.create("http://127.0.0.1:" + ports.get(1) + "/");
    HttpApi api = new HttpApi(internal, Map.of("X-API-Key", secrets.apiKey()));
    return new Launch(
        kind,
        command,
        environment(flags),
        new InetSocketAddress("127.0.0.1", ports.get(0)),
        new HttpReady(internal.resolve("ready")),
        new Roster(api, "api/info", "\"uid\":"),
        dialectOf(kind, tokenOf, channel),
        Optional.of(api),
        Optional.of(folder));
  }

  private List<String> command(List<String> flags, Path config) {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(LAUNCHER)) {
      command.add(LAUNCHER.toString());
    } else {
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(NODE_FLAGS);
      command.addAll(flags);
      command.add("-jar");
      command.add(jar().toString());
    }
    command.addAll(List.of("serve", "--config", config.toString()));
    return command;
  }

  /// The launcher starts the JVM, so extra flags travel where every `java` looks for them.
  private Map<String, String> environment(List<String> flags) {
    if (!Files.isExecutable(LAUNCHER)) {
      return Map.of();
    }
    String home = System.getProperty("java.home");
    return Map.of("JAVA_HOME", home, "JDK_JAVA_OPTIONS", String.join(" ", flags));
  }

  /// The packaged gateway.
  static Path jar() {
    if (!Files.isDirectory(TARGET)) {
      throw PerfException.missing("no target folder: the gateway has not been built");
    }
    try (Stream<Path> files = Files.list(TARGET)) {
      return files
          .filter(file -> file.getFileName().toString().matches("switchboard-[^/]*\\.jar"))
          .filter(file -> !file.getFileName().toString().matches(".*-(sources|javadoc)\\.jar"))
          .findFirst()
          .orElseThrow(() -> PerfException.missing("no target/switchboard-*.jar"));
    } catch (IOException e) {
      throw PerfException.failed("cannot read target", e);
    }
  }

  /// One burst of the fan-out is k commands, and 15,000 sockets come at once: neither is abuse. Nor
  /// is the lag of a loop on a core that it shares with the compiler.
  private static String config(Secrets secrets) {
    return """
    http:
      host: 127.0.0.1
      accept_backlog: 4096
    internal:
      host: 127.0.0.1
    node:
      event_loops: 1
      accepts_per_second: 1000000
      unauthenticated_max: 100000
      unauthenticated_per_address_max: 100000
      loop_lag_max: 0s
    client:
      handshake_timeout: 60s
      commands_per_second: 10000000
      commands_burst: 10000000
    token:
      hmac_secret: %s
      require_exp: true
      require_aud: false
    api:
      key: %s
    channel:
      without_namespace:
        allow_subscribe_for_client: true
        allow_publish_for_client: true
    cluster:
      name: %s
      key: %s
    log:
      level: WARN
      access: false
    """
        .formatted(secrets.token(), secrets.apiKey(), secrets.clusterName(), secrets.clusterKey());
  }

  private static Secrets secrets() {
    return new Secrets(random(), random(), "perf-" + random().substring(0, 8), random());
  }

  private static String random() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).replace('-', '_');
  }

  private static Path privateFolder() {
    try {
      return Files.createTempDirectory("switchboard-perf-");
    } catch (IOException e) {
      throw PerfException.failed("cannot create a temporary folder", e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw PerfException.failed("cannot write " + file, e);
    }
  }
}
