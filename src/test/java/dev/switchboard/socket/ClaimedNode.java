package dev.switchboard.socket;

import static org.awaitility.Awaitility.await;

import dev.switchboard.backend.Backends;
import dev.switchboard.channel.Policies;
import dev.switchboard.cluster.NodeHealth;
import dev.switchboard.cluster.NodeState;
import dev.switchboard.config.ConfigException;
import dev.switchboard.config.ConfigLoader;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.door.Admission;
import dev.switchboard.door.Pressure;
import dev.switchboard.feed.StreamEnvelope;
import dev.switchboard.heartbeat.HeartbeatVerticle;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.metrics.KeyMeters;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.protocol.Publication;
import dev.switchboard.routing.Inbox;
import dev.switchboard.routing.MessageRouter;
import dev.switchboard.routing.NodeIdentity;
import dev.switchboard.routing.Publisher;
import dev.switchboard.routing.RouteKey;
import dev.switchboard.schema.Schemas;
import dev.switchboard.testkit.ListStreams;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import dev.switchboard.token.PublishedKeys;
import dev.switchboard.token.TokenSigner;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// One event loop with real sockets whose claims a test confirms by hand, as peers would.
final class ClaimedNode implements AutoCloseable, RouteKey.Claims {
  private final Vertx vertx = Vertx.vertx();
  private final GatewayConfig config;
  private final MessageRouter router;
  private final WebSocketVerticle sockets;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ConcurrentLinkedQueue<Claim> unconfirmed = new ConcurrentLinkedQueue<>();
  private final ListStreams streams = new ListStreams();
  private final Set<Inbox> inboxes = ConcurrentHashMap.newKeySet();
  private volatile boolean atOnce;
  private final AtomicInteger claims = new AtomicInteger();
  private final AtomicInteger releases = new AtomicInteger();

  private record Claim(RouteKey key, Inbox inbox, Runnable confirmed) {}

  ClaimedNode(String... overrides) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "http.host=127.0.0.1",
                "http.port=0",
                "node.drain_period=0s",
                "heartbeat.interval=20ms",
                "token.hmac_secret=" + TestNode.TOKEN_SECRET,
                "token.audience=" + TestNode.TOKEN_AUDIENCE,
                "channel.without_namespace.allow_subscribe_for_client=true",
                "channel.without_namespace.allow_publish_for_subscriber=true"));
    all.addAll(Arrays.asList(overrides));
    try {
      config = ConfigLoader.load(Optional.empty(), Map.of(), all).config();
    } catch (ConfigException mistakes) {
      throw new IllegalArgumentException(String.join("\n", mistakes.problems()), mistakes);
    }
    var health = new NodeHealth(1, config.heartbeat().loopTimeout());
    var identity = new NodeIdentity(1, "claimed", "test", System.nanoTime(), health::state);
    router = new MessageRouter(identity, this, config.link().ageMax(), () -> {});
    router.standAlone(vertx.getOrCreateContext());
    var gateway =
        new Gateway(
            config,
            identity,
            router,
            streams,
            new Publisher(router, streams, Schemas.none(), config.client().wildcardSegmentsMax()),
            Optional.empty(),
            new Backends(vertx, config, new GatewayMetrics(registry, 1).backends()),
            PublishedKeys.of(vertx, config, new KeyMeters(registry)),
            new Policies(config.channel(), config.client()),
            new Admission(config.node(), new Pressure(config.node(), () -> 0)),
            health,
            new GatewayMetrics(registry, 1),
            InstantSource.system());
    sockets = new WebSocketVerticle(gateway, 0, Optional.empty());
    done(vertx.deployVerticle(sockets));
    done(vertx.deployVerticle(new HeartbeatVerticle(config.heartbeat(), health, 1)));
    health.to(NodeState.SERVING);
  }

  @Override
  public void claim(RouteKey key, Inbox inbox, Runnable confirmed) {
    claims.incrementAndGet();
    inboxes.add(inbox);
    if (atOnce) {
      confirmed.run();
      return;
    }
    unconfirmed.add(new Claim(key, inbox, confirmed));
  }

  @Override
  public void release(RouteKey key, Inbox inbox) {
    releases.incrementAndGet();
  }

  /// Confirms every claim from now on, as a node without peers does.
  ClaimedNode confirmAtOnce() {
    atOnce = true;
    return this;
  }

  /// What channels with history keep.
  ListStreams streams() {
    return streams;
  }

  /// Appends to a channel's stream and tells nobody.
  ///
  /// @param size publications to keep
  StreamEnvelope append(String channel, Publication publication, int size) {
    return append(channel, publication, size, false);
  }

  /// Appends to a channel's stream and tells nobody.
  ///
  /// @param deltas whether it may go as a patch
  StreamEnvelope append(String channel, Publication publication, int size, boolean deltas) {
    var slice = streams.publish(channel, publication, size);
    return new StreamEnvelope(
        channel,
        new StreamEnvelope.Kept(slice.top().epoch(), slice.publications().getFirst(), deltas),
        System.nanoTime());
  }

  /// Hands it to the event loop and waits until it has it.
  void deliver(StreamEnvelope envelope) {
    onLoop(inbox -> inbox.deliver(envelope));
  }

  /// Does something on the event loop and waits until it is done.
  void onLoop(Consumer<Inbox> work) {
    for (Inbox inbox : inboxes) {
      Promise<Void> done = Promise.promise();
      inbox
          .context()
          .runOnContext(
              _ -> {
                work.accept(inbox);
                done.complete();
              });
      done(done.future());
    }
  }

  /// Waits for a claim and confirms it.
  void confirm(RouteKey key) {
    Claim claim = await().until(() -> find(key), Optional::isPresent).orElseThrow();
    unconfirmed.remove(claim);
    claim.inbox().context().runOnContext(_ -> claim.confirmed().run());
  }

  void confirmChannel(String name) {
    confirm(new RouteKey.Channel(name));
  }

  void confirmUser(String id) {
    confirm(new RouteKey.User(id));
  }

  /// Waits until something is claimed and leaves it unconfirmed.
  void awaitClaim(RouteKey key) {
    await().until(() -> find(key).isPresent());
  }

  private Optional<Claim> find(RouteKey key) {
    return unconfirmed.stream().filter(claim -> claim.key().equals(key)).findFirst();
  }

  /// Claims that nobody gave up.
  int held() {
    return claims.get() - releases.get();
  }

  MessageRouter router() {
    return router;
  }

  /// Sockets there have been.
  int opened() {
    return (int) registry.counter("switchboard.connections.opened").count();
  }

  URI websocket() {
    return URI.create("ws://127.0.0.1:" + sockets.port() + config.http().websocket().path());
  }

  /// A token that subscribes its client to these channels.
  String token(String user, String... channels) {
    var claims = new JsonObject().put("channels", List.of(channels));
    return new TokenSigner(vertx, config.token(), InstantSource.system())
        .sign(user, Duration.ofHours(1), claims);
  }

  /// A client that has said who it is and was not answered yet.
  TestClient connecting(String user, String... channels) {
    return connecting(Encoding.JSON, new JsonObject(), user, channels);
  }

  /// A client that has said who it is, and where it was in streams, and was not answered yet.
  TestClient connecting(Encoding encoding, JsonObject subs, String user, String... channels) {
    var client = TestClient.open(websocket(), encoding);
    client.send(
        new JsonObject()
            .put("id", 1)
            .put("connect", new JsonObject().put("token", token(user, channels)).put("subs", subs))
            .encode());
    return client;
  }

  /// A client whose user is known everywhere.
  TestClient connected(String user) {
    var client = connecting(user);
    confirmUser(user);
    client.next();
    return client;
  }

  /// Waits for a result.
  static <T> T done(Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError(late);
    }
  }

  @Override
  public void close() {
    done(vertx.close());
  }
}
