package dev.switchboard.faults;

import dev.switchboard.testkit.Program;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Where the nodes of a cluster stand, and the cables between them.
sealed interface Terrain extends AutoCloseable permits Loopback, Namespaces {
  /// Where clients and operators reach a node.
  ///
  /// @param node counted from 1
  String accessHost(int node);

  /// Where other nodes reach a node, `host:port` of its Hazelcast member.
  String member(int node);

  /// Where nodes reach this machine.
  String machineHost();

  /// What a command begins with that runs where the node is.
  List<String> prefix(int node);

  /// Settings that belong to the place.
  List<String> settings(int node);

  /// Pulls the cable between a node and the other nodes; clients still reach it.
  void cut(int node);

  /// What a node says no longer reaches other nodes; it still hears them, and clients reach it.
  void mute(int node);

  /// Gives it its voice back.
  void unmute(int node);

  /// Puts the cable back.
  void heal(int node);

  @Override
  void close();

  /// Runs a command that must succeed.
  static void run(String... command) {
    try (var program = Program.start("terrain", List.of(command), Map.of())) {
      program.succeed(Duration.ofSeconds(10));
    }
  }
}
