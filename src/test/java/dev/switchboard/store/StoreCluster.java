package dev.switchboard.store;

import static org.awaitility.Awaitility.await;

import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.cluster.impl.ClusterServiceImpl;
import com.hazelcast.internal.partition.InternalPartition;
import dev.switchboard.cluster.ClusterEntrance;
import dev.switchboard.cluster.Membership;
import dev.switchboard.config.ConfigException;
import dev.switchboard.config.ConfigLoader;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.metrics.StreamMeters;
import dev.switchboard.quorum.Roster;
import dev.switchboard.quorum.Seat;
import dev.switchboard.quorum.Standing;
import dev.switchboard.stream.Shard;
import dev.switchboard.tenure.GaveUp;
import dev.switchboard.tenure.GiveUp;
import dev.switchboard.testkit.Ports;
import dev.switchboard.testkit.TestClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Streams on real members in this JVM, joined as nodes do, without the rest of a node.
final class StoreCluster implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String name = "test-" + UUID.randomUUID();
  private final List<Integer> ports;
  private static final long LINEAGE = 7;
  private static final Optional<Roster> ALONE = Standing.alone(LocalShards.SELF).roster();

  private final List<Host> hosts = new CopyOnWriteArrayList<>();
  private final List<Host> gone = new ArrayList<>();
  private volatile Roster council;
  private long voters;

  private StoreCluster(int sizeMax) {
    ports = IntStream.range(0, sizeMax).mapToObj(_ -> Ports.free()).toList();
  }

  /// What a node has to do with streams.
  ///
  /// @param quorum what it says of the cluster when it is asked as owner
  record Host(
      long voter,
      Vertx vertx,
      Optional<Membership> membership,
      ShardedStreams streams,
      SimpleMeterRegistry registry,
      TestClock clock,
      AtomicBoolean quorum) {
    long incarnation() {
      return membership.map(Membership::incarnation).orElse(0L);
    }

    HazelcastInstance hazelcast() {
      return membership.orElseThrow().hazelcast();
    }

    HazelcastShards shards() {
      return HazelcastShards.at(hazelcast()).orElseThrow();
    }

    double count(String meter, String... tags) {
      return registry.get(meter).tags(tags).counter().count();
    }
  }

  /// Starts so many members and waits until every shard has its copy.
  static StoreCluster of(int size) {
    var cluster = new StoreCluster(size + 2);
    IntStream.range(0, size).forEach(_ -> cluster.start());
    cluster.awaitCopies();
    return cluster;
  }

  /// Streams in no cluster.
  static StoreCluster ofNone() {
    var cluster = new StoreCluster(0);
    cluster.hosts.add(cluster.host(Vertx.vertx(), Optional.empty()));
    return cluster;
  }

  /// Starts one more member.
  Host start() {
    GatewayConfig config = config(hosts.size() + gone.size());
    Future<ClusterEntrance.Joined> joining =
        ClusterEntrance.join(
            config.cluster(),
            "node-" + (hosts.size() + gone.size()),
            settings -> {
              StoreSettings.configure(settings);
              settings.setProperty("hazelcast.wait.seconds.before.join", "0");
              settings.setProperty("hazelcast.merge.first.run.delay.seconds", "5");
              settings.setProperty("hazelcast.merge.next.run.delay.seconds", "1");
            },
            bus -> Vertx.builder().with(new VertxOptions().setEventBusOptions(bus)));
    ClusterEntrance.Joined joined = get(joining);
    Host host = host(joined.vertx(), Optional.of(joined.membership()));
    hosts.add(host);
    agree();
    return host;
  }

  /// Has every member drop every other one, so that each was on its own, though the first two may
  /// be one again before the last is: Hazelcast merges whom it sees. Nobody has a majority
  /// meanwhile.
  void dissolve() {
    hosts.forEach(host -> host.quorum().set(false));
    List<Host> together = new ArrayList<>(hosts);
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              together.parallelStream().forEach(StoreCluster::suspectAll);
              together.removeIf(host -> members(host).size() == 1);
              return together.isEmpty();
            });
  }

  private static void suspectAll(Host host) {
    ClusterServiceImpl service =
        HazelcastShards.engine(host.hazelcast()).getNode().getClusterService();
    members(host).stream()
        .filter(other -> !other.localMember())
        .forEach(other -> service.suspectMember(other, "a test", true));
  }

  private static Set<Member> members(Host host) {
    return host.hazelcast().getCluster().getMembers();
  }

  /// Waits until Hazelcast has merged all, and has these agree on that.
  void awaitMerged(List<Host> those) {
    awaitCopies();
    await()
        .atMost(PATIENCE)
        .until(() -> hosts.stream().noneMatch(host -> host.membership().orElseThrow().isMerging()));
    agreeOn(those);
    hosts.forEach(host -> host.quorum().set(true));
  }

  /// All agree on who is there, as nodes do over their links.
  private void agree() {
    agreeOn(hosts);
  }

  /// All agree that these count, and nobody else.
  void agreeOn(List<Host> those) {
    Roster before = council;
    long version = before == null ? 1 : before.version() + 1;
    List<Seat> seats =
        those.stream()
            .map(
                host ->
                    new Seat(
                        host.voter(),
                        host.incarnation(),
                        Optional.ofNullable(before)
                            .flatMap(roster -> roster.seatOf(host.voter()))
                            .map(Seat::since)
                            .orElse(version),
                        true))
            .toList();
    council = new Roster(LINEAGE, version, seats);
  }

  /// What goes over links in a node.
  private Future<GaveUp> ask(long holder, GiveUp question) {
    return hosts.stream()
        .filter(host -> host.incarnation() == holder)
        .findFirst()
        // As on a link, a node that is leaving may never answer.
        .map(host -> host.streams().giveUp(question).timeout(2, TimeUnit.SECONDS))
        .orElseGet(() -> Future.failedFuture("gone"));
  }

  /// Starts a member that only wants the event bus, as services do, and knows nothing of streams.
  HazelcastInstance service() {
    var config = new Config().setLiteMember(true).setClusterName(name);
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.logging.type", "slf4j");
    var network = config.getNetworkConfig().setPort(Ports.free());
    network.getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    network.getJoin().getAutoDetectionConfig().setEnabled(false);
    network.getJoin().getTcpIpConfig().setEnabled(true).addMember("127.0.0.1:" + ports.getFirst());
    return Hazelcast.newHazelcastInstance(config);
  }

  private Host host(Vertx vertx, Optional<Membership> membership) {
    var registry = new SimpleMeterRegistry();
    var clock = new TestClock();
    var quorum = new AtomicBoolean(true);
    // It stays the same over merges, and is no incarnation.
    long voter = membership.isEmpty() ? LocalShards.SELF : ++voters;
    StreamMeters meters = new GatewayMetrics(registry, 1).streams();
    Context context = vertx.getOrCreateContext();
    var world =
        new ShardedStreams.World(
            context,
            clock,
            () ->
                new Standing(
                    voter, membership.isEmpty() ? ALONE : Optional.of(council), quorum.get()),
            this::ask,
            meters);
    var streams = ShardedStreams.open(load(List.of("client.insecure=true")), membership, world);
    vertx.setPeriodic(250, _ -> streams.onTick());
    return new Host(voter, vertx, membership, streams, registry, clock, quorum);
  }

  private GatewayConfig config(int index) {
    String members =
        ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    return load(
        List.of(
            "client.insecure=true",
            "cluster.enabled=true",
            "cluster.name=" + name,
            "cluster.host=127.0.0.1",
            "cluster.port=" + ports.get(index),
            "cluster.bus_port=0",
            "cluster.members=" + members));
  }

  private static GatewayConfig load(List<String> settings) {
    try {
      return ConfigLoader.load(Optional.empty(), Map.of(), settings).config();
    } catch (ConfigException mistakes) {
      throw new IllegalArgumentException(String.join("\n", mistakes.problems()), mistakes);
    }
  }

  /// A member that is there, in the order of the starts.
  Host host(int index) {
    return hosts.get(index);
  }

  /// Those that are there.
  List<Host> hosts() {
    return List.copyOf(hosts);
  }

  /// The one that owns a channel's stream.
  Host owner(String channel) {
    return replica(channel, 0);
  }

  /// The one that has its copy.
  Host copy(String channel) {
    return replica(channel, 1);
  }

  /// One that has nothing to do with it.
  Host stranger(String channel) {
    return hosts.stream()
        .filter(host -> host != owner(channel) && host != copy(channel))
        .findFirst()
        .orElseThrow();
  }

  private Host replica(String channel, int index) {
    var replica = partition(hosts.getFirst(), Shard.of(channel)).getReplica(index);
    return hosts.stream()
        .filter(
            host -> host.hazelcast().getCluster().getLocalMember().getUuid().equals(replica.uuid()))
        .findFirst()
        .orElseThrow();
  }

  private static InternalPartition partition(Host host, int shard) {
    int id = host.hazelcast().getPartitionService().getPartition(shard).getPartitionId();
    return HazelcastShards.engine(host.hazelcast()).getPartitionService().getPartition(id);
  }

  /// Channels owned by one member.
  List<String> ownedBy(Host host, int count) {
    return IntStream.iterate(0, number -> number + 1)
        .mapToObj(number -> "channel-" + number)
        .filter(channel -> host.shards().owns(Shard.of(channel)))
        .limit(count)
        .toList();
  }

  /// Lets a member vanish without a word.
  void kill(Host host) {
    hosts.remove(host);
    gone.add(host);
    host.hazelcast().getLifecycleService().terminate();
    agree();
  }

  /// Stops a member in good order.
  void stop(Host host) {
    get(host.vertx().close());
    hosts.remove(host);
    agree();
  }

  /// Waits until every shard has an owner and, with several members, a copy.
  void awaitCopies() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                hosts.stream()
                    .allMatch(
                        host ->
                            host.hazelcast().getCluster().getMembers().size() == hosts.size()
                                && host.hazelcast().getPartitionService().isClusterSafe()
                                && copied(host)));
  }

  private boolean copied(Host host) {
    return hosts.size() == 1
        || IntStream.range(0, Shard.COUNT)
            .allMatch(
                shard -> {
                  InternalPartition partition = partition(host, shard);
                  return !partition.isMigrating() && partition.getReplica(1) != null;
                });
  }

  /// The answer, within a test's patience.
  static <T> T get(Future<T> future) {
    try {
      return future.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new AssertionError("nobody answers", late);
    }
  }

  @Override
  public void close() {
    hosts.forEach(host -> get(host.vertx().close()));
    gone.forEach(host -> get(host.vertx().close()));
  }
}
