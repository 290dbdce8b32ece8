package dev.switchboard.perf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/// The servers of one cluster, which run while this object is open.
final class NodeGroup implements AutoCloseable {
  private final List<ServerProcess> nodes = new ArrayList<>();
  private final List<ServerProcess> brokers = new ArrayList<>();

  private NodeGroup() {}

  /// Starts the first server, then the others at once, and waits until all see all.
  ///
  /// @param core the one core they share, or empty for all
  /// @param log where the output of each goes
  static NodeGroup start(List<Launch> launches, OptionalInt core, IntFunction<Path> log) {
    return start(List.of(), launches, core, log);
  }

  /// As that, with servers that the others need first and whose work is theirs.
  static NodeGroup start(
      List<Launch> brokers, List<Launch> launches, OptionalInt core, IntFunction<Path> log) {
    NodeGroup group = new NodeGroup();
    try {
      for (Launch broker : brokers) {
        int number = launches.size() + group.brokers.size();
        group.brokers.add(ServerProcess.launch(broker, core, log.apply(number)));
      }
      group.brokers.forEach(ServerProcess::awaitReady);
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
    return all().mapToDouble(ServerProcess::cpuSeconds).sum();
  }

  private Stream<ServerProcess> all() {
    return Stream.concat(nodes.stream(), brokers.stream());
  }

  /// Ends all at once: leaving in order takes time, and one may stand still.
  @Override
  public void close() {
    all().forEach(ServerProcess::kill);
    all().forEach(ServerProcess::close);
  }
}
