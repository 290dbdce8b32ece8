package dev.switchboard.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.config.StartException;
import dev.switchboard.testkit.AllowLog;
import dev.switchboard.testkit.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ClusterPortsTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final String NAME = "test-" + UUID.randomUUID();

  // The port between is a silent program's, which Hazelcast notices too.
  @Test
  @AllowLog(logger = "com.hazelcast.instance.impl.Node", containing = "ports seem occupied")
  void nodesOfOneMachineTakeTheNextFreePortsAndFindEachOther() throws IOException {
    // Given
    int ports = freeRange(20);
    try (var _ = new ServerSocket(ports + 1, 1, LOOPBACK);
        TestNode first = TestNode.start(here(ports, ports + 10))) {
      // When
      try (TestNode second = TestNode.start(here(ports, ports + 10))) {
        // Then
        assertThat(membership(second).others())
            .extracting(Member::address)
            .containsExactly("127.0.0.1:" + ports);
        assertThat(membership(first).others())
            .extracting(Member::address)
            .containsExactly("127.0.0.1:" + (ports + 2));
      }
    }
  }

  @Test
  void aTakenPortIsSaidBeforeAnythingIsStarted() throws IOException {
    // Given
    try (var taken = new ServerSocket(0, 1, LOOPBACK)) {
      int port = taken.getLocalPort();

      // When
      var member =
          assertThatThrownBy(() -> TestNode.start(alone("cluster.port=" + port, "bus_port=0")));
      var bus =
          assertThatThrownBy(() -> TestNode.start(alone("cluster.port=0", "bus_port=" + port)));

      // Then
      String rest = port + " is in use on 127.0.0.1; stop what listens there or set another";
      member.isInstanceOf(StartException.class).hasMessage("cluster.port " + rest);
      bus.isInstanceOf(StartException.class).hasMessage("cluster.bus_port " + rest);
    }
  }

  private static String[] here(int port, int busPort) {
    return new String[] {
      "cluster.enabled=true",
      "cluster.name=" + NAME,
      "cluster.host=127.0.0.1",
      "cluster.port=" + port,
      "cluster.bus_port=" + busPort,
    };
  }

  private static String[] alone(String port, String busPort) {
    return new String[] {
      "cluster.enabled=true",
      "cluster.name=" + NAME,
      "cluster.host=127.0.0.1",
      "cluster.members=127.0.0.1:1",
      port,
      "cluster." + busPort,
    };
  }

  /// The first of so many ports of which none was taken a moment ago.
  private static int freeRange(int count) {
    for (int first = 20_000; first < 32_000; first += count) {
      if (isFree(first, count)) {
        return first;
      }
    }
    throw new AssertionError("no free range of ports");
  }

  private static boolean isFree(int first, int count) {
    for (int port = first; port < first + count; port++) {
      try {
        new ServerSocket(port, 1, LOOPBACK).close();
      } catch (IOException taken) {
        return false;
      }
    }
    return true;
  }

  private static Membership membership(TestNode node) {
    return node.node().membership().orElseThrow();
  }
}
