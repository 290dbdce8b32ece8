package dev.switchboard.testkit;

import static org.awaitility.Awaitility.await;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.switchboard.cluster.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Real nodes of one cluster in this JVM, on free loopback ports and with a name nobody else has.
public final class TestCluster implements AutoCloseable {
  private static final String KEY = "a-cluster-key-of-thirty-two-bytes";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String name = "test-" + UUID.randomUUID();
  private final List<Integer> ports;
  private final List<String> overrides;
  private final List<TestNode> nodes = new ArrayList<>();
  private final List<TestNode> killed = new ArrayList<>();

  private TestCluster(int size, List<String> overrides) {
    this.ports = IntStream.range(0, size).mapToObj(_ -> Ports.free()).toList();
    this.overrides = overrides;
  }

  /// Starts so many nodes and waits until all of them see each other.
  ///
  /// @param overrides `key=value` for every node
  public static TestCluster of(int size, String... overrides) {
    TestCluster cluster = ofNone(size, overrides);
    for (int index = 0; index < size; index++) {
      cluster.start(index);
    }
    cluster.awaitWhole();
    return cluster;
  }

  /// Starts no node yet.
  ///
  /// @param size nodes there may be
  /// @param overrides `key=value` for every node
  public static TestCluster ofNone(int size, String... overrides) {
    return new TestCluster(size, List.of(overrides));
  }

  /// Starts one of the nodes.
  ///
  /// @param more `key=value` on top
  public TestNode start(int index, String... more) {
    List<String> all = new ArrayList<>(settings(index));
    all.addAll(overrides);
    all.addAll(Arrays.asList(more));
    TestNode node = TestNode.start(all.toArray(String[]::new));
    nodes.add(node);
    return node;
  }

  /// The settings that make a node one of this cluster.
  public List<String> settings(int index) {
    String members =
        ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    return List.of(
        "node.name=node-" + index,
        "cluster.enabled=true",
        "cluster.name=" + name,
        "cluster.key=" + KEY,
        "cluster.host=127.0.0.1",
        "cluster.port=" + ports.get(index),
        "cluster.bus_port=0",
        "cluster.members=" + members);
  }

  /// A started node, in the order of the starts.
  public TestNode node(int index) {
    return nodes.get(index);
  }

  /// Stops a node in good order; those after it move up.
  public void stop(int index) {
    nodes.remove(index).close();
  }

  /// Lets a node's member vanish without a word, as if its process had been killed; the rest of the
  /// node is stopped at the end.
  public void kill(int index) {
    TestNode node = nodes.remove(index);
    killed.add(node);
    Hazelcast.getAllHazelcastInstances().stream()
        .filter(member -> port(member) == node.node().config().cluster().port())
        .forEach(member -> member.getLifecycleService().terminate());
  }

  private static int port(HazelcastInstance member) {
    return member.getCluster().getLocalMember().getAddress().getPort();
  }

  /// The started nodes.
  public List<TestNode> nodes() {
    return List.copyOf(nodes);
  }

  /// Waits until every started node sees all others.
  public void awaitWhole() {
    nodes.forEach(
        node -> await().atMost(PATIENCE).until(() -> others(node).size() == nodes.size() - 1));
  }

  private static List<Long> others(TestNode node) {
    return node.node().membership().orElseThrow().others().stream()
        .map(Member::incarnation)
        .toList();
  }

  @Override
  public void close() {
    nodes.forEach(TestNode::close);
    killed.forEach(TestNode::close);
  }
}
