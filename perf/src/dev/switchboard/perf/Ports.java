package dev.switchboard.perf;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/// Finds loopback ports for servers.
final class Ports {
  private Ports() {}

  /// A port nobody listens on at this moment.
  static int free() {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw PerfException.failed("no free port", e);
    }
  }
}
