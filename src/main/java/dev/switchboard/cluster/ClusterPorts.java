package dev.switchboard.cluster;

import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.StartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.IntStream;

/// Which ports a node may take for the cluster: the configured ones, or on a developer's machine
/// the free ones of two ranges. Pure but for looking at the ports; only a hint, since somebody may
/// be faster.
final class ClusterPorts {
  /// Ports of a range: so many nodes of one cluster find each other on one machine.
  static final int RANGE = 10;

  private ClusterPorts() {}

  /// Event bus ports to try, in this order.
  ///
  /// @throws StartException when none is free
  static List<Integer> bus(GatewayConfig.Cluster cluster, InetAddress address) {
    return free(cluster, "cluster.bus_port", cluster.busPort(), address);
  }

  /// Refuses a Hazelcast port that is taken before anything is started.
  ///
  /// @throws StartException when none is free
  static void checkMember(GatewayConfig.Cluster cluster, InetAddress address) {
    free(cluster, "cluster.port", cluster.port(), address);
  }

  private static List<Integer> free(
      GatewayConfig.Cluster cluster, String key, int first, InetAddress address) {
    if (first == 0) {
      return List.of(0);
    }
    int count = cluster.searchesHere() ? RANGE : 1;
    List<Integer> free =
        IntStream.range(first, first + count)
            .filter(port -> isFree(port, address))
            .boxed()
            .toList();
    if (free.isEmpty()) {
      throw inUse(key, first, count, address);
    }
    return free;
  }

  /// What a failed bind of the event bus becomes.
  static StartException busInUse(int port, InetAddress address) {
    return inUse("cluster.bus_port", port, 1, address);
  }

  private static StartException inUse(String key, int first, int count, InetAddress address) {
    String ports = count == 1 ? String.valueOf(first) : first + " to " + (first + count - 1);
    return StartException.of(
        key,
        "%s %s in use on %s; stop what listens there or set another"
            .formatted(ports, count == 1 ? "is" : "are all", address.getHostAddress()),
        null);
  }

  private static boolean isFree(int port, InetAddress address) {
    try (var _ = new ServerSocket(port, 1, address)) {
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
