package dev.switchboard.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import dev.switchboard.config.ConfigException;
import dev.switchboard.config.ConfigLoader;
import dev.switchboard.testkit.Program;
import dev.switchboard.testkit.Requirement;
import dev.switchboard.token.TokenSigner;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The published SDKs and streams on three nodes, the first of which is killed under them.
///
/// What they do is in `src/test/js/streams.mjs`, `src/test/sdk-java/SdkStreams.java`,
/// `src/test/python/streams.py` and `src/test/go/streams.go`. All of them do it at once, so that
/// one kill is enough.
class SdkStreamsIT {
  private static final Path FOLDER = Path.of("target", "faults", "sdk-streams");
  private static final Duration START = Duration.ofSeconds(120);
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final String FAULT = "kill the first node";
  // Apart from the clusters of FaultsIT in the same process.
  private static final int ARENA = 21;
  private static final int NODES = 3;
  private static final String CLIENT_PORT = "8000";
  private static final String INTERNAL_PORT = "9000";
  private static final String SECRET = "a-secret-of-at-least-thirty-two-bytes";
  private static final String AUDIENCE = "sdk-streams";
  private static final String API_KEY = "sdk-streams-key";

  private final HttpClient http = HttpClient.newHttpClient();
  private final Terrain terrain = Loopback.create(ARENA);
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final List<Program> programs = new ArrayList<>();

  @AfterEach
  void end() {
    programs.forEach(Program::close);
    nodes.forEach(NodeProcess::close);
    nodes.forEach(node -> node.exitCode(START));
    terrain.close();
    http.close();
  }

  @Test
  void theSdksFollowStreamsOverAKill() throws IOException, ConfigException {
    // Given
    List<Follower> followers = followers();
    startNodes();
    Map<String, String> environment = environment();
    for (Follower follower : followers) {
      environment.put("ENCODING", follower.encoding());
      programs.add(Program.start(follower.log(), follower.command(), environment));
    }
    Patience.untilEach(LIMIT, programs, program -> program.hasPrintedOrEnded(FAULT));

    // When
    nodes.getFirst().kill();

    // Then
    assertAll(
        IntStream.range(0, followers.size())
            .mapToObj(
                index ->
                    () -> assertThat(printed(index)).contains(followers.get(index).contented())));
  }

  private String printed(int program) {
    return programs.get(program).succeed(LIMIT);
  }

  /// A program that follows streams with an SDK.
  ///
  /// @param contented what it says when all was well
  private record Follower(String sdk, String encoding, List<String> command, String contented) {
    String log() {
      return sdk + "-streams-" + encoding;
    }
  }

  private static List<Follower> followers() {
    Path node = Requirement.node();
    Path scenarios = Requirement.npmPackages().resolve("streams.mjs");
    Path libraries = Requirement.javaSdk();
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> python = List.of(Requirement.python().toString(), "src/test/python/streams.py");
    List<String> go = List.of(Requirement.goSdk().toString(), "streams");
    List<Follower> all = new ArrayList<>();
    for (String encoding : List.of("json", "protobuf")) {
      List<String> js = List.of(node.toString(), scenarios.toString());
      all.add(new Follower("js", encoding, js, encoding + " streams followed"));
      all.add(new Follower("python", encoding, python, encoding + " streams followed"));
      all.add(new Follower("go", encoding, go, "1 of 1 " + encoding + " scenarios passed"));
    }
    all.add(
        new Follower(
            "java",
            "protobuf",
            List.of(java.toString(), "-cp", libraries + "/*", "src/test/sdk-java/SdkStreams.java"),
            "the Java SDK followed its streams"));
    return all;
  }

  private Map<String, String> environment() throws ConfigException {
    Map<String, String> environment = new HashMap<>();
    environment.put("HOSTS", each().mapToObj(terrain::accessHost).collect(Collectors.joining(",")));
    environment.put("CLIENT_PORT", CLIENT_PORT);
    environment.put("INTERNAL_PORT", INTERNAL_PORT);
    environment.put("API_KEY", API_KEY);
    environment.put("TOKEN_SECRET", SECRET);
    environment.put("TOKEN_AUDIENCE", AUDIENCE);
    environment.put("TOKEN", token());
    environment.put("PATIENCE_MILLIS", Long.toString(LIMIT.toMillis()));
    environment.put("PATIENCE_SECONDS", Long.toString(LIMIT.toSeconds()));
    // A name for all nodes; the SDK for Go is told by its program where that is.
    environment.put("CLIENT_URL", "ws://nodes.test:" + CLIENT_PORT + "/connection/websocket");
    environment.put("PYTHONDONTWRITEBYTECODE", "1");
    return environment;
  }

  private static String token() throws ConfigException {
    var settings = List.of("token.hmac_secret=" + SECRET, "token.audience=" + AUDIENCE);
    var config = ConfigLoader.load(Optional.empty(), Map.of(), settings).config();
    var claims = new JsonObject().put("channels", new JsonArray().add("forced:java"));
    var vertx = Vertx.vertx();
    try {
      return new TokenSigner(vertx, config.token(), InstantSource.system())
          .sign("ada", Duration.ofHours(1), claims);
    } finally {
      vertx.close();
    }
  }

  private static IntStream each() {
    return IntStream.rangeClosed(1, NODES);
  }

  private void startNodes() throws IOException {
    Files.createDirectories(FOLDER);
    List<String> shared = shared();
    // One after the other: a busy machine takes long enough to start one.
    for (int number : each().toArray()) {
      NodeProcess node = node(number, shared);
      nodes.add(node);
      node.start();
      assertThat(Patience.until(START, () -> node.api().ready())).as(node.name()).isPresent();
    }
    var whole = Patience.untilEach(START, nodes, node -> node.api().members().size() == NODES);
    assertThat(whole).as("time to form a cluster").isPresent();
  }

  private NodeProcess node(int number, List<String> shared) {
    String host = terrain.accessHost(number);
    List<String> settings = new ArrayList<>(shared);
    settings.addAll(terrain.settings(number));
    settings.addAll(List.of("node.name=node-" + number, "internal.host=" + host));
    var api = new NodeApi(http, "http://%s:%s".formatted(host, INTERNAL_PORT), API_KEY);
    Path log = FOLDER.resolve("node-" + number + ".log");
    return new NodeProcess(number, terrain.prefix(number), settings, log, api);
  }

  /// Settings all nodes have in common: clients ask for recovery, except in `forced`.
  private List<String> shared() {
    List<String> settings = new ArrayList<>();
    settings.addAll(namespace("kept", 100, "allow_recovery"));
    settings.addAll(namespace("short", 2, "allow_recovery"));
    settings.addAll(namespace("newest", 100, "allow_recovery"));
    settings.addAll(namespace("forced", 100, "force_recovery"));
    settings.addAll(
        List.of(
            "channel.namespaces.newest.force_recovery_mode=cache",
            "http.port=" + CLIENT_PORT,
            "internal.port=" + INTERNAL_PORT,
            "token.hmac_secret=" + SECRET,
            "token.audience=" + AUDIENCE,
            "api.key=" + API_KEY,
            "node.drain_period=0s",
            "cluster.enabled=true",
            "cluster.name=sdk-streams-" + UUID.randomUUID(),
            "cluster.key=" + UUID.randomUUID(),
            "cluster.members="
                + each().mapToObj(terrain::member).collect(Collectors.joining(","))));
    return settings;
  }

  private static List<String> namespace(String name, int historySize, String recovery) {
    return Stream.of(
            "history_size=" + historySize,
            "history_ttl=10m",
            "allow_positioning=true",
            recovery + "=true",
            "allow_subscribe_for_client=true",
            "allow_publish_for_client=true",
            "allow_history_for_subscriber=true")
        .map(setting -> "channel.namespaces." + name + "." + setting)
        .toList();
  }
}
