package dev.switchboard.testkit;

import dev.switchboard.Node;
import dev.switchboard.config.ConfigException;
import dev.switchboard.config.ConfigLoader;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.token.TokenSigner;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A real node in this JVM on free loopback ports, for as long as a test needs it.
public final class TestNode implements AutoCloseable {
  /// The API key every test node is started with.
  public static final String API_KEY = "test-key";

  /// The secret that tokens for every test node are signed with.
  public static final String TOKEN_SECRET = "a-secret-of-at-least-thirty-two-bytes";

  /// The audience that tokens for every test node name.
  public static final String TOKEN_AUDIENCE = "test";

  private static final List<String> BASICS =
      List.of(
          "http.host=127.0.0.1",
          "http.port=0",
          "internal.port=0",
          "node.event_loops=2",
          "node.drain_period=0s",
          // A busy machine is late for seconds; what that does to newcomers has tests of its own.
          "node.loop_lag_max=0s",
          "token.hmac_secret=" + TOKEN_SECRET,
          "token.audience=" + TOKEN_AUDIENCE,
          "api.key=" + API_KEY,
          "channel.without_namespace.allow_subscribe_for_client=true",
          "channel.without_namespace.allow_publish_for_client=true",
          "channel.without_namespace.presence=true",
          "channel.without_namespace.allow_presence_for_client=true");

  private final Node node;
  private final HttpClient http = HttpClient.newHttpClient();

  private TestNode(Node node) {
    this.node = node;
  }

  /// Starts a node with an open default namespace.
  ///
  /// @param overrides `key=value` on top
  public static TestNode start(String... overrides) {
    return start(InstantSource.system(), overrides);
  }

  /// Starts a node with an open default namespace and a wall clock of its own.
  ///
  /// @param overrides `key=value` on top
  public static TestNode start(InstantSource wallClock, String... overrides) {
    List<String> all = new ArrayList<>(BASICS);
    all.addAll(Arrays.asList(overrides));
    try {
      var config = ConfigLoader.load(Optional.empty(), Map.of(), all).config();
      return new TestNode(await(Node.start(config, wallClock)));
    } catch (ConfigException mistakes) {
      throw new IllegalArgumentException(String.join("\n", mistakes.problems()), mistakes);
    }
  }

  /// Starts a node with exactly this configuration.
  public static TestNode start(GatewayConfig config) {
    return new TestNode(await(Node.start(config)));
  }

  /// Starts a node as a file of `conf/profiles` says, but on free ports.
  ///
  /// @param overrides `key=value` on top
  public static TestNode ofProfile(String profile, String... overrides) {
    List<String> all = new ArrayList<>(List.of("http.port=0", "internal.port=0"));
    all.add("node.drain_period=0s");
    all.addAll(Arrays.asList(overrides));
    Path file = Path.of("conf", "profiles", profile + ".yaml");
    try {
      return start(ConfigLoader.load(Optional.of(file), Map.of(), all).config());
    } catch (ConfigException mistakes) {
      throw new IllegalArgumentException(String.join("\n", mistakes.problems()), mistakes);
    }
  }

  /// The node itself.
  public Node node() {
    return node;
  }

  /// The client port.
  public int port() {
    return node.clientPort();
  }

  /// The WebSocket address.
  public URI websocket() {
    String scheme = node.config().tls().enabled() ? "wss" : "ws";
    String path = node.config().http().websocket().path();
    return URI.create(scheme + "://127.0.0.1:" + port() + path);
  }

  /// The address of the internal port, without a trailing slash.
  public String internal() {
    return "http://127.0.0.1:" + node.internalPort();
  }

  /// A good token for a user.
  public String token(String user) {
    return token(user, Duration.ofHours(1));
  }

  /// A token for a user that is good for so long.
  public String token(String user, Duration ttl) {
    return signer().connection(user, ttl);
  }

  /// Signs any token this node accepts.
  public TokenSigner signer() {
    return new TokenSigner(node.vertx(), node.config().token(), InstantSource.system());
  }

  /// Calls an API method with the right key.
  ///
  /// @return the body of the answer
  public String api(String method, String body) {
    return request(
            HttpRequest.newBuilder(URI.create(internal() + "/api/" + method))
                .header("X-API-Key", API_KEY)
                .POST(HttpRequest.BodyPublishers.ofString(body)))
        .body();
  }

  /// Publishes JSON to a channel through the API.
  public void publish(String channel, String data) {
    api("publish", "{\"channel\":\"" + channel + "\",\"data\":" + data + "}");
  }

  /// Fetches a path of the internal port.
  public HttpResponse<String> get(String path) {
    return request(HttpRequest.newBuilder(URI.create(internal() + path)));
  }

  /// Sends any request.
  public HttpResponse<String> request(HttpRequest.Builder request) {
    try {
      return http.send(
          request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /// The value of one series on `/metrics`, or 0 when it is not there.
  ///
  /// @param series name and labels exactly as exposed
  public double metric(String series) {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  /// Waits until every event loop has looked at all of its sessions once more.
  public void awaitSweep() {
    long ticks = 1 + Math.max(1, 1_000 / node.config().heartbeat().interval().toMillis());
    var beats = new CountDownLatch((int) ticks);
    long tick = node.config().heartbeat().interval().toMillis();
    long timer = node.vertx().setPeriodic(tick, _ -> beats.countDown());
    try {
      if (!beats.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("the node does not tick");
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    } finally {
      node.vertx().cancelTimer(timer);
    }
  }

  @Override
  public void close() {
    await(node.stop());
    http.close();
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("the node takes too long", late);
    }
  }
}
