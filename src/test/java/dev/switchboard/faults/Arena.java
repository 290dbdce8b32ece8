package dev.switchboard.faults;

import static dev.switchboard.faults.Balancer.Kind.HAPROXY;

import dev.switchboard.config.ConfigException;
import dev.switchboard.config.ConfigLoader;
import dev.switchboard.faults.referee.Fact;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.token.TokenSigner;
import io.vertx.core.Vertx;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A cluster of real processes with its clients and publishers. Confined to the harness's thread.
final class Arena implements AutoCloseable {
  private static final AtomicInteger ARENAS = new AtomicInteger();
  private static final int CLIENT_PORT = 8000;
  private static final int INTERNAL_PORT = 9000;
  private static final int CLIENTS_PER_ROOM = 10;
  private static final int CROWD = 200;
  private static final Duration CROWD_LIMIT = Duration.ofSeconds(10);
  private static final int VISITORS = 4;
  private static final String VISITOR = "visitor-";
  private static final int END = 4500;
  private static final int GO_HOME = 4000;
  private static final String SECRET = "a-secret-of-at-least-thirty-two-bytes";
  private static final String API_KEY = "faults-key";

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final Vertx vertx = Vertx.vertx();
  // A stopped process or a namespace would outlive this JVM.
  private final Thread cleaner = new Thread(this::release);
  private final Map<String, Integer> stays = new HashMap<>();
  private final Set<String> present = new HashSet<>();
  private final List<String> visitors = new ArrayList<>();
  private final List<String> rooms;
  private final Terrain terrain;
  private final TokenSigner signer;
  private final List<NodeProcess> nodes;
  private final List<Publisher> publishers;
  private final Optional<Balancer> balancer;
  private final Fleet fleet;
  private final Load load;
  private final Path folder;
  private final int clients;
  private Optional<Archive> archive = Optional.empty();
  private boolean launched;
  private int visits;

  /// Starts the processes; [#settle] waits for them.
  ///
  /// @param folder for logs
  Arena(Path folder, boolean namespaces, Load load) {
    this(folder, namespaces, load, _ -> List.of());
  }

  /// @param more settings of all nodes, by where they stand
  Arena(Path folder, boolean namespaces, Load load, Function<Terrain, List<String>> more) {
    int number = ARENAS.getAndIncrement();
    int nodes = load.nodes();
    this.load = load;
    this.folder = folder;
    this.clients = load.clients();
    this.rooms = names("room-", Math.max(1, clients / CLIENTS_PER_ROOM));
    makeNew(folder);
    this.terrain = namespaces ? Namespaces.create(number, nodes, folder) : Loopback.create(number);
    List<String> shared = shared(nodes);
    shared.addAll(more.apply(terrain));
    this.signer = signer(shared);
    this.nodes =
        IntStream.rangeClosed(1, nodes).mapToObj(node -> node(node, shared, folder)).toList();
    List<String> channels = channels();
    this.publishers =
        this.nodes.stream()
            .map(node -> new Publisher(node, channels, Publisher.Pace.USUAL))
            .toList();
    var hosts = IntStream.rangeClosed(1, nodes).mapToObj(terrain::accessHost).toList();
    this.nodes.forEach(NodeProcess::start);
    this.balancer =
        isBalanced()
            ? Optional.of(Balancer.start(HAPROXY, folder, balanced() + ":" + CLIENT_PORT, hosts))
            : Optional.empty();
    this.fleet =
        isBalanced()
            ? Fleet.startMany(folder, balanced(), CLIENT_PORT, this::hear)
            : Fleet.start(folder, hosts, CLIENT_PORT, this::hear);
    Runtime.getRuntime().addShutdownHook(cleaner);
  }

  private boolean isBalanced() {
    return load.access() == Load.Access.BALANCED;
  }

  /// The address of the balancer: that of a node there is not.
  private String balanced() {
    return terrain.accessHost(load.nodes() + 1);
  }

  private void hear(Fact fact) {
    archive.ifPresent(streams -> streams.hear(fact));
  }

  /// An empty folder: logs of an earlier run would be read as those of this one.
  private static void makeNew(Path folder) {
    try {
      if (Files.isDirectory(folder)) {
        try (var old = Files.list(folder)) {
          old.filter(Files::isRegularFile).map(Path::toFile).forEach(File::delete);
        }
      }
      Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// So many names, counted from 0.
  static List<String> names(String prefix, int number) {
    return IntStream.range(0, number).mapToObj(each -> prefix + each).toList();
  }

  /// Rooms and channels with one subscriber in turn.
  private List<String> channels() {
    return IntStream.range(0, clients)
        .boxed()
        .flatMap(client -> Stream.of(rooms.get(client % rooms.size()), own("" + client)))
        .toList();
  }

  /// Settings all nodes have in common.
  private List<String> shared(int nodes) {
    String members =
        IntStream.rangeClosed(1, nodes).mapToObj(terrain::member).collect(Collectors.joining(","));
    List<String> settings = new ArrayList<>(Archive.settings());
    settings.addAll(
        List.of(
            "http.port=" + CLIENT_PORT,
            "internal.port=" + INTERNAL_PORT,
            "token.hmac_secret=" + SECRET,
            "token.audience=faults",
            "api.key=" + API_KEY,
            "channel.without_namespace.allow_subscribe_for_client=true",
            "channel.without_namespace.presence=true",
            "node.drain_period=3s",
            // All clients are in one process here, and may take long to read their close frame.
            "client.close_grace=3s",
            "cluster.enabled=true",
            // Streams go on without an operator once all are back.
            "cluster.members_min=" + nodes,
            "cluster.name=faults-" + UUID.randomUUID(),
            "cluster.key=" + (UUID.randomUUID() + "" + UUID.randomUUID()).replace("-", ""),
            "cluster.members=" + members));
    return settings;
  }

  private TokenSigner signer(List<String> settings) {
    try {
      var config = ConfigLoader.load(Optional.empty(), Map.of(), settings).config();
      return new TokenSigner(vertx, config.token(), InstantSource.system());
    } catch (ConfigException mistakes) {
      throw new IllegalArgumentException(String.join("\n", mistakes.problems()), mistakes);
    }
  }

  private NodeProcess node(int number, List<String> shared, Path folder) {
    List<String> settings = new ArrayList<>(shared);
    String host = terrain.accessHost(number);
    settings.add("node.name=node-" + number);
    settings.add("internal.host=" + host);
    settings.addAll(terrain.settings(number));
    var api = new NodeApi(http, "http://%s:%d".formatted(host, INTERNAL_PORT), API_KEY);
    Path log = folder.resolve("node-" + number + ".log");
    return new NodeProcess(number, terrain.prefix(number), settings, log, api);
  }

  /// Waits until the nodes are one cluster and every client is where it wants to be.
  ///
  /// @return what is not so, in a sentence; empty when all is well
  String begin(Duration limit) {
    Set<String> all = nodes.stream().map(NodeProcess::name).collect(Collectors.toSet());
    boolean together =
        Patience.untilEach(
                limit,
                nodes,
                node -> !node.runs() || node.api().ready() && members(node).equals(all))
            .isPresent();
    if (!nodes.stream().allMatch(NodeProcess::runs)) {
      return "a node ended at the start, its log says why";
    } else if (!together) {
      return "the nodes did not form a cluster";
    }
    learn(nodes.getFirst().api().members());
    if (!launched) {
      launched = true;
      if (!openArchive(limit)) {
        return "the nodes keep no streams";
      }
      launch();
    }
    boolean connected = Patience.until(limit, this::settled).isPresent();
    strays().forEach(session -> nodes.getFirst().api().disconnect(session.client(), GO_HOME));
    boolean spread =
        connected && Patience.until(limit, () -> settled() && strays().isEmpty()).isPresent();
    return spread ? "" : "the clients did not connect, or not where they should";
  }

  /// Begins, or ends the run.
  void mustBegin(Duration limit) {
    String reason = begin(limit);
    if (!reason.isEmpty()) {
      throw new IllegalStateException(reason);
    }
  }

  /// Streams take part from the start or not at all. A cluster that has just begun refuses to keep
  /// anything for a while.
  ///
  /// @return whether that is as wanted
  private boolean openArchive(Duration limit) {
    if (load.streams() == Load.Streams.OFF) {
      return true;
    }
    boolean kept =
        Patience.untilEach(limit, nodes, node -> Archive.offered(node.api())).isPresent();
    if (kept) {
      SequencedMap<String, NodeApi> apis = new LinkedHashMap<>();
      nodes.forEach(node -> apis.put(node.name(), node.api()));
      archive = Optional.of(new Archive(apis, rooms, load.rate(), folder));
    }
    return kept;
  }

  /// Sessions that an earlier round moved to another node than their client's first.
  private List<Session> strays() {
    if (isBalanced()) {
      return List.of();
    }
    return fleet.log().open().stream()
        .filter(session -> !session.client().startsWith(VISITOR))
        .filter(session -> nodeOf(session) != Integer.parseInt(session.client()) % nodes.size() + 1)
        .toList();
  }

  /// Whether all nodes want traffic and see each other, and nobody else.
  boolean together() {
    Set<String> all = nodes.stream().map(NodeProcess::name).collect(Collectors.toSet());
    return nodes.stream().allMatch(node -> node.api().ready() && members(node).equals(all));
  }

  private static Set<String> members(NodeProcess node) {
    return node.api().members().keySet();
  }

  private void launch() {
    for (int client = 0; client < clients; client++) {
      // As many neighbours as there are nodes share a room, so each room is on every node.
      launch("" + client, client % nodes.size(), client / nodes.size());
      if ((client + 1) % CROWD == 0) {
        // More at once, and their own process is too busy to answer pings.
        int launched = client + 1;
        Patience.until(CROWD_LIMIT, () -> fleet.log().settled(launched, channelsEach()));
      }
    }
  }

  /// Lets a few more clients come to a node; [#dismissVisitors] ends their visit.
  void launchVisitors(NodeProcess host) {
    for (int each = 0; each < VISITORS; each++) {
      visitors.add(VISITOR + ++visits);
      launch(visitors.getLast(), host.number() - 1, each);
    }
  }

  private void launch(String name, int home, int room) {
    String token = token(name);
    String shared = rooms.get(room % rooms.size());
    List<String> channels = new ArrayList<>(List.of(shared, own(name)));
    archive.ifPresent(_ -> channels.add(Archive.channel(shared)));
    fleet.launch(name, home, token, channels);
  }

  /// A token that is good for the whole run.
  String token(String user) {
    return signer.connection(user, Duration.ofHours(12));
  }

  /// Where clients reach a node.
  ///
  /// @param node counted from 0
  String websocket(int node) {
    return "ws://%s:%d/connection/websocket".formatted(terrain.accessHost(node + 1), CLIENT_PORT);
  }

  /// The channel that only one client is subscribed to.
  static String own(String client) {
    return "own-" + client;
  }

  /// Disconnects the visitors from a node they need not be on.
  void dismissVisitors() {
    visitors.forEach(visitor -> nodes.getFirst().api().disconnect(visitor, END));
    visitors.clear();
  }

  /// Whether every client has a session with all its subscriptions, on a node that exists.
  boolean settled() {
    FleetLog log = fleet.log();
    return log.settled(clients + visitors.size(), channelsEach())
        && log.open().stream().allMatch(this::current);
  }

  private int channelsEach() {
    return archive.isPresent() ? 3 : 2;
  }

  /// The number of the node a session was opened on, 0 when it is no stay of a node we know.
  int nodeOf(Session session) {
    return stays.getOrDefault(stay(session), 0);
  }

  private boolean current(Session session) {
    return present.contains(stay(session));
  }

  private static String stay(Session session) {
    return ClientId.parse(session.id())
        .map(id -> "%016x".formatted(id.incarnation()))
        .orElseThrow();
  }

  /// Takes down who is who now, as one node says.
  void learn(Map<String, String> members) {
    present.clear();
    present.addAll(members.values());
    for (NodeProcess node : nodes) {
      String incarnation = members.get(node.name());
      if (incarnation != null) {
        stays.put(incarnation, node.number());
      }
    }
  }

  Path folder() {
    return folder;
  }

  List<NodeProcess> nodes() {
    return nodes;
  }

  List<Publisher> publishers() {
    return publishers;
  }

  /// The streams, if the nodes keep any.
  Optional<Archive> archive() {
    return archive;
  }

  List<String> rooms() {
    return rooms;
  }

  /// Memory and threads of the clients' JVM.
  String footprint() {
    return fleet.footprint();
  }

  FleetLog log() {
    return fleet.log();
  }

  Terrain terrain() {
    return terrain;
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(cleaner);
    release();
  }

  private void release() {
    publishers.forEach(Publisher::close);
    archive.ifPresent(Archive::close);
    archive = Optional.empty();
    fleet.close();
    balancer.ifPresent(Balancer::close);
    nodes.forEach(NodeProcess::close);
    nodes.forEach(node -> node.exitCode(Duration.ofSeconds(10)));
    terrain.close();
    http.close();
    vertx.close();
  }
}
