package dev.switchboard.perf;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/// Finds loopback ports for servers.
final class Ports {
  private Ports() {}

  /// A port nobody listens on at this moment.
  static int free() {
    return free(1).getFirst();
  }

  /// So many different ones.
  static List<Integer> free(int count) {
    List<ServerSocket> probes = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        probes.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      List<Integer> ports = probes.stream().map(ServerSocket::getLocalPort).toList();
      for (ServerSocket probe : probes) {
        probe.close();
      }
      return ports;
    } catch (IOException e) {
      throw PerfException.failed("no free port", e);
    }
  }
}
