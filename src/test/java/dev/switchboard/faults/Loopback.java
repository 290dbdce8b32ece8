package dev.switchboard.faults;

import java.util.List;

/// This machine alone: clients find every node at a loopback address of its own, all at one port.
///
/// @param block the addresses `127.x.y.0` of this process
/// @param arena tells apart the clusters of this process
record Loopback(String block, int arena) implements Terrain {
  private static final int NODES_MAX = 10;
  // Below the ports that outgoing connections take, so a node finds its own again.
  private static final int PORT_MIN = 12_000;
  private static final int PORT_MAX = 32_000;
  private static final int PORTS = 4 * NODES_MAX;

  static Loopback create(int arena) {
    long process = ProcessHandle.current().pid();
    long first = 1 + process / 256 % 255;
    return new Loopback("127.%d.%d.".formatted(first, process % 256), arena);
  }

  @Override
  public String accessHost(int node) {
    return block + (arena * NODES_MAX + node);
  }

  @Override
  public String member(int node) {
    return "127.0.0.1:" + clusterPort(node);
  }

  // Hazelcast takes only the first address of the loopback interface, so here ports differ.
  private int clusterPort(int node) {
    long process = ProcessHandle.current().pid();
    int first = PORT_MIN + (int) (process * PORTS % (PORT_MAX - PORT_MIN));
    return first + (arena % 2 * NODES_MAX + node - 1) * 2;
  }

  @Override
  public String machineHost() {
    return "127.0.0.1";
  }

  @Override
  public List<String> prefix(int node) {
    return List.of();
  }

  @Override
  public List<String> settings(int node) {
    return List.of(
        "http.host=" + accessHost(node),
        "cluster.host=127.0.0.1",
        "cluster.port=" + clusterPort(node),
        "cluster.bus_port=" + (clusterPort(node) + 1));
  }

  @Override
  public void cut(int node) {
    throw new UnsupportedOperationException("loopback has no cables");
  }

  @Override
  public void heal(int node) {
    throw new UnsupportedOperationException("loopback has no cables");
  }

  @Override
  public void mute(int node) {
    throw new UnsupportedOperationException("loopback has no cables");
  }

  @Override
  public void unmute(int node) {
    throw new UnsupportedOperationException("loopback has no cables");
  }

  @Override
  public void close() {
    // Nothing was made.
  }
}
