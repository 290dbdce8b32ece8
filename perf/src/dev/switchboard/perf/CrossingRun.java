package dev.switchboard.perf;

/// What a cluster did in one measured stretch of the closed loop.
///
/// @param inFlight messages per round
/// @param messages that entered at one node and left at the other
/// @param entryCpu seconds of processor time of the node where they entered
/// @param clusterCpu the same of all nodes
/// @param clientCpu the same of the load client
/// @param othersCpu what anything else took of the servers' core, NaN when nothing is pinned
record CrossingRun(
    ServerKind kind,
    int inFlight,
    long messages,
    double wallSeconds,
    double entryCpu,
    double clusterCpu,
    double clientCpu,
    double othersCpu,
    Samples rounds) {

  double perCpuSecond() {
    return messages / clusterCpu;
  }

  double perSecond() {
    return messages / wallSeconds;
  }

  double roundMedian() {
    return rounds.percentileMillis(50);
  }

  /// Cells of the table of runs.
  String[] cells(int repeat) {
    return new String[] {
      kind.label(),
      "" + inFlight,
      "" + repeat,
      FanoutRun.whole(perCpuSecond()),
      FanoutRun.whole(perSecond()),
      "%.2f".formatted(roundMedian()),
      "%.2f".formatted(rounds.percentileMillis(99)),
      percent(entryCpu),
      percent(clusterCpu - entryCpu),
      percent(clientCpu),
      Double.isNaN(othersCpu) ? "-" : percent(othersCpu)
    };
  }

  private String percent(double cpuSeconds) {
    return "%.0f %%".formatted(100 * cpuSeconds / wallSeconds);
  }
}
