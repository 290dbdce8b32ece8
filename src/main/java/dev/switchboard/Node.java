package dev.switchboard;

import dev.switchboard.api.ApiCalls;
import dev.switchboard.api.ApiRoutes;
import dev.switchboard.api.BusVerticle;
import dev.switchboard.api.DrainMethod;
import dev.switchboard.backend.Backends;
import dev.switchboard.balance.Rebalancer;
import dev.switchboard.channel.Policies;
import dev.switchboard.cluster.Membership;
import dev.switchboard.cluster.MembershipLog;
import dev.switchboard.cluster.NodeHealth;
import dev.switchboard.cluster.NodeState;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.door.Admission;
import dev.switchboard.door.Pressure;
import dev.switchboard.events.Registrar;
import dev.switchboard.heartbeat.HeartbeatVerticle;
import dev.switchboard.link.LinkMeters;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.metrics.KeyMeters;
import dev.switchboard.metrics.LoopCounts;
import dev.switchboard.metrics.RuntimeMeters;
import dev.switchboard.ops.ConsoleRoutes;
import dev.switchboard.ops.ConsoleStats;
import dev.switchboard.ops.DebugRoutes;
import dev.switchboard.ops.HealthRoutes;
import dev.switchboard.ops.InternalRoutes;
import dev.switchboard.ops.InternalVerticle;
import dev.switchboard.peer.PeerMeters;
import dev.switchboard.routing.MessageRouter;
import dev.switchboard.routing.NodeIdentity;
import dev.switchboard.routing.PeerVerticle;
import dev.switchboard.routing.Publisher;
import dev.switchboard.routing.RouteKey;
import dev.switchboard.socket.Gateway;
import dev.switchboard.socket.WebSocketVerticle;
import dev.switchboard.store.ShardedStreams;
import dev.switchboard.token.PublishedKeys;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.VertxInternal;
import io.vertx.ext.web.Router;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/// One running node and the composition root: everything is built here, top to bottom.
public final class Node {
  /// The version of this build, as clients and operators see it.
  public static final String VERSION =
      Optional.ofNullable(Node.class.getPackage().getImplementationVersion()).orElse("dev");

  private final GatewayConfig config;
  private final InstantSource wallClock;
  private static final Duration FAREWELL_PATIENCE = Duration.ofSeconds(3);

  private final int eventLoops;
  private final PrometheusMeterRegistry registry;
  private final GatewayMetrics metrics;
  private final PeerMeters peerMeters = new PeerMeters();
  private final NodeHealth health;
  private final NodeIdentity identity;
  private final MessageRouter router;
  private final Policies policies;
  private final Pressure pressure;
  private final Admission admission;
  private final List<WebSocketVerticle> sockets = new ArrayList<>();
  private final List<AutoCloseable> meters = new ArrayList<>();
  private Optional<InternalVerticle> internal = Optional.empty();
  private Optional<Membership> membership = Optional.empty();
  private Optional<Registrar> registrar = Optional.empty();
  private volatile Runnable leaver = this::stop;
  private final AtomicReference<Promise<Void>> stopping = new AtomicReference<>();
  private Vertx vertx;
  private String transport = "";
  private String socketsId = "";
  private String peersId = "";

  private Node(GatewayConfig config, InstantSource wallClock) {
    this.config = config;
    this.wallClock = wallClock;
    this.eventLoops = VertxFactory.eventLoops(config);
    this.registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    this.metrics = new GatewayMetrics(registry, eventLoops);
    metrics.registerLinks(
        peerMeters.events(), () -> peerMeters.links().count(LinkMeters.Count.BYTES));
    this.health = new NodeHealth(beaten(config, eventLoops), config.heartbeat().loopTimeout());
    var runtime = new RuntimeMeters(registry);
    meters.add(runtime);
    long incarnation = new SecureRandom().nextLong();
    this.identity =
        new NodeIdentity(
            incarnation, NodeIdentity.nameOf(config), VERSION, System.nanoTime(), health::state);
    this.router =
        new MessageRouter(
            identity, RouteKey.Claims.LOCAL, config.link().ageMax(), peerMeters::onLate);
    this.policies = new Policies(config.channel(), config.client());
    this.pressure = new Pressure(config.node(), runtime::heapShare);
    this.admission = new Admission(config.node(), pressure);
    metrics.node().registerState(NodeState.values(), () -> health.state().ordinal());
    metrics.node().registerStuckLoops(health::stuckLoops);
    metrics.node().registerConnectionsMax(admission.connectionsMax());
  }

  /// Starts a node.
  ///
  /// @return the node once it serves; when something fails, all that was started is stopped again
  public static Future<Node> start(GatewayConfig config) {
    return start(config, InstantSource.system());
  }

  /// Starts a node with a wall clock of its own.
  ///
  /// @param wallClock for token expiry only; deadlines use monotonic time
  /// @return the node once it serves; when something fails, all that was started is stopped again
  public static Future<Node> start(GatewayConfig config, InstantSource wallClock) {
    var node = new Node(config, wallClock);
    // Bound to no context: those of a node that did not start are gone when it has been stopped.
    Promise<Node> started = Promise.promise();
    Future.<Void>succeededFuture()
        .compose(_ -> node.start())
        .onSuccess(_ -> started.complete(node))
        .onFailure(failure -> node.stop().onComplete(_ -> started.fail(failure)));
    return started.future();
  }

  private Future<?> start() {
    return VertxFactory.build(config, identity.name(), registry, eventLoops).compose(this::serve);
  }

  private Future<?> serve(VertxFactory.Built built) {
    vertx = built.vertx();
    transport = built.transport();
    membership = built.membership();
    membership.ifPresent(this::enter);
    Optional<PeerVerticle> peers = membership.map(this::peers);
    if (peers.isEmpty()) {
      router.standAlone(((VertxInternal) vertx).createEventLoopContext());
    }
    var stores = new Stores(config, vertx, router, metrics, wallClock);
    ShardedStreams streams = stores.streams(membership, peers);
    registrar =
        config.events().enabled()
            ? Optional.of(stores.events(streams, this::members, identity))
            : Optional.empty();
    var publisher = Publisher.of(config, router, streams, metrics);
    var gateway =
        new Gateway(
            config,
            identity,
            router,
            streams,
            publisher,
            registrar,
            new Backends(vertx, config, metrics.backends()),
            PublishedKeys.of(vertx, config, new KeyMeters(metrics.registry())),
            policies,
            admission,
            health,
            metrics,
            wallClock);
    ApiCalls calls = calls(publisher, streams);
    List<Consumer<Router>> mounts = mounts(calls, peers, built.transport());
    // Peers first: what a client does must reach them from the first socket on.
    return deployHeartbeat()
        .compose(_ -> peers.map(this::deploy).orElse(Future.succeededFuture()))
        .compose(_ -> deployWebSockets(gateway, mounts))
        .compose(_ -> deployInternal(mounts))
        .compose(_ -> deployBus(calls))
        .compose(_ -> deployRebalancer())
        .onSuccess(_ -> health.to(NodeState.SERVING));
  }

  private ApiCalls calls(Publisher publisher, ShardedStreams streams) {
    var drain =
        new DrainMethod(
            health, identity.name(), () -> metrics.total(LoopCounts::sessions), () -> leaver.run());
    return new ApiCalls(
        new ApiCalls.Targets(
            router,
            publisher,
            streams,
            registrar,
            policies,
            drain,
            config.api(),
            config.presence().membersMax()),
        metrics);
  }

  /// What operators and services are served.
  private List<Consumer<Router>> mounts(
      ApiCalls calls, Optional<PeerVerticle> peers, String usedTransport) {
    var machine =
        new ConsoleStats.Machine(
            Runtime.getRuntime().availableProcessors(), usedTransport, admission.connectionsMax());
    var stats = new ConsoleStats(identity, health, metrics, router, machine);
    List<Consumer<Router>> mounts = new ArrayList<>();
    mounts.add(new HealthRoutes(health, scraped())::mount);
    mounts.add(new ApiRoutes(config.api(), calls, metrics)::mount);
    mounts.add(new ConsoleRoutes(config, stats, this::clientPort)::mount);
    peers.ifPresent(others -> mounts.add(new DebugRoutes(others)::mount));
    return mounts;
  }

  /// The incarnations of all nodes that are there.
  private Set<Long> members() {
    return membership
        .map(joined -> Set.copyOf(joined.oldestFirst()))
        .orElseGet(() -> Set.of(identity.incarnation()));
  }

  private PeerVerticle peers(Membership joined) {
    var outside = new PeerVerticle.Outside(eventLoops, health, metrics, peerMeters);
    var peers = new PeerVerticle(config, joined, router, outside);
    router.connect(peers);
    return peers;
  }

  private Future<Void> deploy(PeerVerticle peers) {
    return vertx.deployVerticle(peers).onSuccess(id -> peersId = id).compose(_ -> peers.inStep());
  }

  private void enter(Membership joined) {
    identity.renew(joined.incarnation());
    joined.listen(vertx.getOrCreateContext(), new MembershipLog());
  }

  private Optional<PrometheusMeterRegistry> scraped() {
    return config.metrics().enabled() ? Optional.of(registry) : Optional.empty();
  }

  private Future<String> deployWebSockets(Gateway gateway, List<Consumer<Router>> mounts) {
    Supplier<WebSocketVerticle> next =
        () -> {
          var verticle = new WebSocketVerticle(gateway, sockets.size(), others(mounts));
          sockets.add(verticle);
          return verticle;
        };
    return vertx
        .deployVerticle(next, new DeploymentOptions().setInstances(eventLoops))
        .onSuccess(id -> socketsId = id);
  }

  /// What the client port serves besides client transports: everything, when it is the only port.
  private Optional<Handler<HttpServerRequest>> others(List<Consumer<Router>> mounts) {
    return onePort() ? Optional.of(InternalRoutes.router(vertx, mounts)) : Optional.empty();
  }

  private Future<String> deployInternal(List<Consumer<Router>> mounts) {
    if (onePort()) {
      return Future.succeededFuture();
    }
    var verticle = new InternalVerticle(config.internal().host(), config.internal().port(), mounts);
    internal = Optional.of(verticle);
    return vertx.deployVerticle(verticle);
  }

  private Future<String> deployBus(ApiCalls calls) {
    return config.bus().publicAddresses()
        ? vertx.deployVerticle(new BusVerticle(calls, config.api()))
        : Future.succeededFuture();
  }

  private Future<String> deployRebalancer() {
    if (config.rebalance().sessionsPerSecond() == 0 || membership.isEmpty()) {
      return Future.succeededFuture("");
    }
    List<IntConsumer> loops = new ArrayList<>();
    sockets.forEach(loop -> loops.add(count -> loop.shed(count, Rebalancer.INTERVAL)));
    var world = new Rebalancer.World(router::info, identity::uid, loops);
    return vertx.deployVerticle(new Rebalancer(config.rebalance(), world));
  }

  private Future<String> deployHeartbeat() {
    var heartbeat = new HeartbeatVerticle(config.heartbeat(), health, beaten(config, eventLoops));
    return pressure.deploy(vertx).compose(_ -> vertx.deployVerticle(heartbeat));
  }

  /// How many loops the heartbeat beats: the owners, and behind them the peer loop.
  private static int beaten(GatewayConfig config, int eventLoops) {
    return config.cluster().enabled() ? eventLoops + 1 : eventLoops;
  }

  private boolean onePort() {
    return config.http().port() != 0 && config.http().port() == config.internal().port();
  }

  /// The client port in use.
  public int clientPort() {
    return sockets.getFirst().port();
  }

  /// The internal port in use; the client port when both are one.
  public int internalPort() {
    return internal.map(InternalVerticle::port).orElseGet(this::clientPort);
  }

  /// The name of the transport in use, such as `epoll`.
  public String transport() {
    return transport;
  }

  /// What the node runs with.
  public GatewayConfig config() {
    return config;
  }

  /// The Vert.x instance everything runs on.
  public Vertx vertx() {
    return vertx;
  }

  /// Who else is in the cluster; empty for a node that joined none.
  public Optional<Membership> membership() {
    return membership;
  }

  /// Whether probes find the node well.
  public NodeHealth health() {
    return health;
  }

  /// Says what to do when an operator asks this node to leave; without a word it is [#stop].
  public void whenAskedToLeave(Runnable instead) {
    leaver = instead;
  }

  /// Leaves: no new sockets, sessions closed with 3001 over `node.drain_period`, then everything
  /// stopped. Once, however often it is asked.
  public Future<Void> stop() {
    // Bound to no context: those of the verticles end before the node does.
    Promise<Void> stopped = Promise.promise();
    if (stopping.compareAndSet(null, stopped)) {
      health.to(NodeState.DRAINING);
      // Sessions leave before the data does, as their last events still need two holders; all
      // leaves before the links, over which whoever goes on with a stream that was here asks for
      // it; and the links before the cluster.
      drained()
          .eventually(() -> undeploy(socketsId))
          .eventually(this::farewells)
          .eventually(this::handedOver)
          .onComplete(_ -> leave(stopped));
    }
    return stopping.get().future();
  }

  /// The final events of sessions that have just ended.
  private Future<Void> farewells() {
    return registrar.map(told -> told.flushed(FAREWELL_PATIENCE)).orElse(Future.succeededFuture());
  }

  private void leave(Promise<Void> stopped) {
    undeploy(peersId).onComplete(_ -> close().onComplete(_ -> release()).onComplete(stopped));
  }

  private Future<Void> undeploy(String id) {
    return id.isEmpty() ? Future.succeededFuture() : vertx.undeploy(id);
  }

  private Future<Void> close() {
    return vertx == null ? Future.succeededFuture() : vertx.close();
  }

  private Future<Void> drained() {
    return Future.join(sockets.stream().map(WebSocketVerticle::drain).toList()).mapEmpty();
  }

  private Future<Void> handedOver() {
    return membership.map(joined -> joined.handOver(vertx)).orElse(Future.succeededFuture());
  }

  private void release() {
    health.to(NodeState.STOPPED);
    for (AutoCloseable meter : meters) {
      try {
        meter.close();
      } catch (Exception failure) {
        throw new IllegalStateException("a meter did not close", failure);
      }
    }
    registry.close();
  }
}
