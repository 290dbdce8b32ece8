package dev.switchboard.faults;

import dev.switchboard.config.ConfigException;
import dev.switchboard.config.ConfigLoader;
import dev.switchboard.token.TokenSigner;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Three nodes as processes of their own on loopback, with streams and every transport, for a test
/// that lets them go and come. Confined to the test's thread.
final class Trio implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(120);
  private static final List<Integer> NUMBERS = List.of(1, 2, 3);
  private static final List<String> TOKENS =
      List.of(
          "token.hmac_secret=" + "a-secret-of-at-least-thirty-two-bytes", "token.audience=page");

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final Terrain terrain;

  /// Starts them and waits until they are a cluster.
  ///
  /// @param folder for their logs
  /// @param arena tells apart the clusters of this process; see [Loopback]
  /// @param more settings of each
  Trio(Path folder, int arena, List<String> more) {
    this.terrain = Loopback.create(arena);
    try {
      Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    List<String> shared = shared();
    shared.addAll(more);
    for (int number : NUMBERS) {
      NodeProcess node = node(number, shared, folder);
      nodes.add(node);
      node.start();
      if (Patience.until(START, () -> node.api().ready()).isEmpty()) {
        close();
        throw new AssertionError(node.name() + " did not become ready, its log says why");
      }
    }
    awaitAll();
  }

  private List<String> shared() {
    String members = NUMBERS.stream().map(terrain::member).collect(Collectors.joining(","));
    List<String> settings = new ArrayList<>(TOKENS);
    settings.addAll(
        List.of(
            "channel.namespaces.room.allow_subscribe_for_client=true",
            "channel.namespaces.room.allow_publish_for_client=true",
            "channel.namespaces.room.history_size=1000",
            "channel.namespaces.room.history_ttl=10m",
            "channel.namespaces.room.force_recovery=true",
            "http.http_stream.enabled=true",
            "http.sse.enabled=true",
            "http.port=8000",
            "internal.port=9000",
            "api.key=page",
            "node.drain_period=0s",
            "cluster.enabled=true",
            "cluster.name=page-" + UUID.randomUUID(),
            "cluster.key=" + UUID.randomUUID(),
            "cluster.members=" + members));
    return settings;
  }

  private NodeProcess node(int number, List<String> shared, Path folder) {
    String host = terrain.accessHost(number);
    List<String> settings = new ArrayList<>(shared);
    settings.addAll(terrain.settings(number));
    settings.addAll(List.of("node.name=node-" + number, "internal.host=" + host));
    var api = new NodeApi(http, "http://%s:9000".formatted(host), "page");
    return new NodeProcess(
        number, terrain.prefix(number), settings, folder.resolve("node-" + number + ".log"), api);
  }

  /// Waits until all of them are in `info` of each.
  void awaitAll() {
    if (Patience.untilEach(START, nodes, node -> node.api().members().size() == 3).isEmpty()) {
      throw new AssertionError("the nodes did not form a cluster");
    }
  }

  /// SIGTERM, until it has gone.
  ///
  /// @param index from 0
  void leave(int index) {
    nodes.get(index).terminate();
    nodes.get(index).exitCode(START);
  }

  /// Publishes to a stream on whatever node takes it, once, however often that has to be tried.
  void publish(String channel, int number) {
    var body =
        new JsonObject()
            .put("channel", channel)
            .put("data", number)
            .put("idempotency_key", channel + "-" + number);
    boolean kept =
        Patience.until(
                START,
                () ->
                    nodes.stream()
                        .filter(NodeProcess::runs)
                        .anyMatch(node -> node.api().call("publish", body).isPresent()))
            .isPresent();
    if (!kept) {
      throw new AssertionError("number %d was not kept".formatted(number));
    }
  }

  NodeProcess node(int index) {
    return nodes.get(index);
  }

  /// Where clients reach the nodes, at port 8000.
  List<String> hosts() {
    return IntStream.rangeClosed(1, nodes.size()).mapToObj(terrain::accessHost).toList();
  }

  /// An address beside theirs.
  String spareHost() {
    return terrain.accessHost(nodes.size() + 1);
  }

  /// A good token.
  static String token(String user) {
    try {
      var config = ConfigLoader.load(Optional.empty(), Map.of(), TOKENS).config();
      var vertx = Vertx.vertx();
      try {
        return new TokenSigner(vertx, config.token(), InstantSource.system())
            .connection(user, Duration.ofHours(1));
      } finally {
        vertx.close();
      }
    } catch (ConfigException mistakes) {
      throw new IllegalStateException(mistakes);
    }
  }

  @Override
  public void close() {
    nodes.forEach(NodeProcess::close);
    nodes.forEach(node -> node.exitCode(START));
    terrain.close();
    http.close();
  }
}
