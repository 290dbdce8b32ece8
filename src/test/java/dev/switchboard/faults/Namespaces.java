package dev.switchboard.faults;

import dev.switchboard.testkit.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// A network namespace per node with two cables: one to this machine, for clients and operators,
/// and one to a switch that only nodes are connected to. Needs root.
///
/// The nodes run as in production: no loopback, mutual TLS, a cluster key. What a killed run left
/// behind is removed by the next one.
final class Namespaces implements Terrain {
  private static final String NAME = "sbf";
  private static final String NOBODY = "02:00:00:00:00:01";
  private static final int CLUSTER_PORT = 5701;
  private static final int BUS_PORT = 15701;
  private static final Path NAMESPACES = Path.of("/run/netns");

  private final String tag;
  private final int block;
  private final int nodes;
  private final Path pair;

  private Namespaces(String tag, int block, int nodes, Path pair) {
    this.tag = tag;
    this.block = block;
    this.nodes = nodes;
    this.pair = pair;
  }

  /// @param arena tells apart the clusters of this process
  /// @param folder for the certificate
  static Namespaces create(int arena, int nodes, Path folder) {
    removeLeftovers();
    long process = ProcessHandle.current().pid();
    int block = (int) (process * 4 + arena) % 254;
    String[] hosts =
        IntStream.rangeClosed(1, nodes)
            .mapToObj(node -> clusterHost(block, node))
            .toArray(String[]::new);
    Path pair = TestCertificate.create(folder, hosts).write(folder).toAbsolutePath();
    var made = new Namespaces(NAME + process + "-" + arena, block, nodes, pair);
    made.build();
    return made;
  }

  private static void removeLeftovers() {
    if (!Files.isDirectory(NAMESPACES)) {
      return;
    }
    try (var all = Files.newDirectoryStream(NAMESPACES, NAME + "*")) {
      for (Path one : all) {
        String name = one.getFileName().toString();
        String process = name.substring(NAME.length()).split("-")[0];
        if (ProcessHandle.of(Long.parseLong(process)).isEmpty()) {
          Terrain.run("ip", "netns", "del", name);
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void build() {
    // Switches live in a namespace too, so they go with it.
    ip("netns add " + hub());
    for (String network : List.of("access", "cluster")) {
      ip("-n %s link add %s type bridge".formatted(hub(), network));
      ip("-n %s link set %s up".formatted(hub(), network));
    }
    ip("link add %s type veth peer name machine netns %s".formatted(tag, hub()));
    ip("-n %s link set machine master access up".formatted(hub()));
    ip("addr add %s/24 dev %s".formatted(machineHost(), tag));
    ip("link set %s up".formatted(tag));
    for (int node = 1; node <= nodes; node++) {
      ip("netns add " + namespace(node));
      ip("-n %s link set lo up".formatted(namespace(node)));
      connect(node, "access", accessHost(node));
      connect(node, "cluster", clusterHost(block, node));
    }
  }

  private void connect(int node, String network, String address) {
    String inside = namespace(node);
    ip(
        "-n %s link add %s type veth peer name %s netns %s"
            .formatted(inside, network, network + node, hub()));
    ip("-n %s link set %s master %s up".formatted(hub(), network + node, network));
    ip("-n %s addr add %s/24 dev %s".formatted(inside, address, network));
    ip("-n %s link set %s up".formatted(inside, network));
  }

  private String hub() {
    return tag + "-hub";
  }

  private String namespace(int node) {
    return tag + "-" + node;
  }

  private static void ip(String arguments) {
    Terrain.run(("ip " + arguments).split(" "));
  }

  @Override
  public String accessHost(int node) {
    return "198.18.%d.%d".formatted(block, node);
  }

  @Override
  public String member(int node) {
    return clusterHost(block, node) + ":" + CLUSTER_PORT;
  }

  private static String clusterHost(int block, int node) {
    return "198.19.%d.%d".formatted(block, node);
  }

  @Override
  public String machineHost() {
    return "198.18.%d.254".formatted(block);
  }

  @Override
  public List<String> prefix(int node) {
    return List.of("ip", "netns", "exec", namespace(node));
  }

  @Override
  public List<String> settings(int node) {
    return List.of(
        "cluster.host=" + clusterHost(block, node),
        "cluster.port=" + CLUSTER_PORT,
        "cluster.bus_port=" + BUS_PORT,
        "cluster.allow_insecure=true",
        "cluster.tls.certificate_file=" + pair.resolve("node.crt"),
        "cluster.tls.key_file=" + pair.resolve("node.key"),
        "cluster.tls.ca_file=" + pair.resolve("node.crt"),
        // All clients come from one address here.
        "node.unauthenticated_per_address_max=2000");
  }

  @Override
  public void cut(int node) {
    ip("-n %s link set cluster%d down".formatted(hub(), node));
  }

  @Override
  public void heal(int node) {
    ip("-n %s link set cluster%d up".formatted(hub(), node));
  }

  /// Its frames go to an address of nobody: no packet filter is needed, and no sender gets an
  /// error.
  @Override
  public void mute(int node) {
    neighbours(node, "replace %s lladdr " + NOBODY + " nud permanent dev cluster");
  }

  @Override
  public void unmute(int node) {
    neighbours(node, "del %s dev cluster");
  }

  private void neighbours(int node, String change) {
    for (int other = 1; other <= nodes; other++) {
      if (other != node) {
        String command = change.formatted(clusterHost(block, other));
        ip("-n %s neigh %s".formatted(namespace(node), command));
      }
    }
  }

  @Override
  public void close() {
    for (int node = 1; node <= nodes; node++) {
      ip("netns del " + namespace(node));
    }
    ip("netns del " + hub());
  }
}
