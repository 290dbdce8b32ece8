package dev.switchboard.cluster;

import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.StartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Which ports a node may take for the cluster: the configured ones, or on a developer's machine
/// the free ones of two ranges. Pure but for looking at the ports; only a hint, since somebody may
/// be faster.
final class ClusterPorts {
  /// Ports of a range: so many nodes of one cluster find each other on one machine.
  static final int RANGE = 10;

  private static final byte[] GREETING = "HZC".getBytes(StandardCharsets.US_ASCII);
  private static final int PATIENCE_MILLIS = 1_000;

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

  /// Ports of this machine at which a member looks for others when it starts.
  ///
  /// Only where a member listens: a port where nobody does would cost a second, and another program
  /// that takes connections and says nothing would be waited for. But the first of all also when it
  /// is free, so that of two that start at once, and see nobody, one finds the other.
  static List<Integer> othersHere(GatewayConfig.Cluster cluster, InetAddress address) {
    int first = cluster.port();
    return range(first, RANGE).stream()
        .filter(port -> isFree(port, address) ? port == first : isMember(port, address))
        .toList();
  }

  /// Whether a member answers the three letters that members greet each other with.
  private static boolean isMember(int port, InetAddress address) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(GREETING);
      return Arrays.equals(socket.getInputStream().readNBytes(GREETING.length), GREETING);
    } catch (IOException other) {
      return false;
    }
  }

  private static List<Integer> free(
      GatewayConfig.Cluster cluster, String key, int first, InetAddress address) {
    if (first == 0) {
      return List.of(0);
    }
    int count = cluster.searchesHere() ? RANGE : 1;
    List<Integer> free =
        range(first, count).stream().filter(port -> isFree(port, address)).toList();
    if (free.isEmpty()) {
      throw inUse(key, first, count, address);
    }
    return free;
  }

  private static List<Integer> range(int first, int count) {
    return IntStream.range(first, first + count).boxed().toList();
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
