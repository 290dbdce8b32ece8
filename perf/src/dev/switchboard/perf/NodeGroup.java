package dev.switchboard.perf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/// The servers of one cluster, which run while this object is open.
final class NodeGroup implements AutoCloseable {
  private final List<ServerProcess> nodes = new ArrayList<>();

  private NodeGroup() {}

  /// Starts the first server, then the others at once, and waits until all see all.
  ///
  /// @param core the one core they share, or empty for all
  /// @param log where the output of each goes
  static NodeGroup start(List<Launch> launches, OptionalInt core, IntFunction<Path> log) {
    NodeGroup group = new NodeGroup();
    try {
      for (int i = 0; i < launches.size(); i++) {
        group.nodes.add(ServerProcess.launch(launches.get(i), core, log.apply(i)));
        if (i == 0) {
          group.nodes.getFirst().awaitReady();
        }
      }
      group.nodes.forEach(ServerProcess::awaitReady);
      group.nodes.forEach(node -> node.awaitMembers(launches.size()));
      return group;
    } catch (RuntimeException e) {
      group.close();
      throw e;
    }
  }

  /// Server `i`, in the order of the launches.
  ServerProcess node(int i) {
    return nodes.get(i);
  }

  ServerProcess last() {
    return nodes.getLast();
  }

  /// Processor time of all of them.
  double cpuSeconds() {
    return nodes.stream().mapToDouble(ServerProcess::cpuSeconds).sum();
  }

  /// Ends all at once: leaving in order takes time, and one may stand still.
  @Override
  public void close() {
    nodes.forEach(ServerProcess::kill);
    nodes.forEach(ServerProcess::close);
  }
}
