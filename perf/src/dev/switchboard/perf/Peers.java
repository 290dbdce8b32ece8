package dev.switchboard.perf;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Starts the servers Switchboard is compared with, from `perf/peers`.
final class Peers {
  /// Where the peers and their packages are.
  static final Path FOLDER = Path.of("perf", "peers");

  /// The pinned Bun.
  static final Path BUN =
      FOLDER.resolve(Path.of("node_modules", "@oven", "bun-linux-x64", "bin", "bun"));

  /// The naive reference, and where it is compiled to.
  static final Path NAIVE_SOURCE = FOLDER.resolve(Path.of("naive", "NaiveServer.java"));

  static final Path NAIVE_CLASSES = ResultsPage.OUT.resolve("naive");

  private Peers() {}

  /// Bun's native publish/subscribe, whose subscriber `index` has `topic(index)`.
  static Launch bun(IntFunction<String> topic) {
    return launch(ServerKind.BUN, BUN.toString(), "bun-server.js", topic);
  }

  /// Node with `ws`, whose subscriber `index` has `topic(index)`.
  static Launch ws(IntFunction<String> topic) {
    return launch(ServerKind.WS, "node", "ws-server.js", topic);
  }

  /// Socket.IO, whose subscriber `index` is in `room(index)`.
  static Launch socketIo(IntFunction<String> room) {
    return socketIo(room, 1, List.of());
  }

  /// Several of them that tell each other through a Redis.
  static List<Launch> socketIo(int nodes, IntFunction<String> room, int redisPort) {
    return IntStream.range(0, nodes)
        .mapToObj(_ -> socketIo(room, nodes, List.of("" + redisPort)))
        .toList();
  }

  private static Launch socketIo(IntFunction<String> room, int nodes, List<String> redis) {
    // It is ready once it subscribed at the Redis, so whoever is ready is a member.
    return launch(
        ServerKind.SOCKETIO,
        "node",
        "socketio-server.js",
        redis,
        nodes,
        new Dialect.SocketIo(room));
  }

  private static Launch launch(
      ServerKind kind, String runtime, String script, IntFunction<String> topic) {
    return launch(kind, runtime, script, List.of(), 1, new Dialect.Addressed(topic));
  }

  private static Launch launch(
      ServerKind kind,
      String runtime,
      String script,
      List<String> more,
      int nodes,
      Dialect dialect) {
    int port = Ports.free();
    List<String> command = new ArrayList<>();
    command.addAll(List.of(runtime, FOLDER.resolve(script).toString(), "" + port));
    command.addAll(more);
    return new Launch(
        kind,
        command,
        Map.of("NODE_ENV", "production"),
        new InetSocketAddress("127.0.0.1", port),
        new HttpReady(URI.create("http://127.0.0.1:" + port + "/ready")),
        () -> nodes,
        dialect,
        Optional.empty(),
        Optional.empty());
  }

  /// Plain clustered Vert.x with one clustered consumer per socket, on the gateway's JVM flags.
  ///
  /// @param address the address of subscriber `index`
  static List<Launch> naive(int nodes, IntFunction<String> address, Options options) {
    List<Integer> ports = Ports.free(3 * nodes);
    List<Integer> hazelcast = ports.subList(0, nodes);
    String members =
        hazelcast.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    String name = "naive-" + System.nanoTime();
    List<Launch> launches = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      int port = ports.get(nodes + i);
      List<String> command = new ArrayList<>(naiveCommand(options));
      command.addAll(List.of("" + port, "" + ports.get(2 * nodes + i), "" + hazelcast.get(i)));
      command.addAll(List.of(members, name));
      URI root = URI.create("http://127.0.0.1:" + port + "/");
      launches.add(
          new Launch(
              ServerKind.NAIVE,
              command,
              Map.of(),
              new InetSocketAddress("127.0.0.1", port),
              new HttpReady(root),
              new Roster(new HttpApi(root, Map.of()), "", "member\n"),
              new Dialect.Addressed(address),
              Optional.empty(),
              Optional.empty()));
    }
    return launches;
  }

  private static List<String> naiveCommand(Options options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + Path.of("conf", "jvm.options"));
    command.addAll(options.jvmFlags());
    command.addAll(List.of("-cp", NAIVE_CLASSES + ":" + Gateway.LIBRARIES, "NaiveServer"));
    return command;
  }
}
