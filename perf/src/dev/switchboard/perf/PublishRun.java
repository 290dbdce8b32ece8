package dev.switchboard.perf;

import java.util.ArrayList;
import java.util.List;

/// What a cluster did in one measured stretch of durable publishing.
///
/// @param channels that were published to in turn
/// @param accepted publications acknowledged
/// @param refused publications answered "busy"
/// @param nodesCpu seconds of processor time of all nodes
/// @param clientCpu the same of the load client
/// @param othersCpu what anything else took of the servers' core, NaN when nothing is pinned
/// @param lateMillis by how much the client itself was late with 99 % of its frames
record PublishRun(
    int repeat,
    int channels,
    Load load,
    long accepted,
    long refused,
    double wallSeconds,
    double nodesCpu,
    double clientCpu,
    double othersCpu,
    double lateMillis,
    Samples delays) {
  private static final double[] PERCENTILES = {50, 99, 99.9, 100};

  /// How publications come.
  sealed interface Load {
    /// What it is called in tables.
    String label();

    /// What it should reach.
    String target();
  }

  /// So many without an answer at any time.
  record Closed(int inFlight) implements Load {
    private static final int FEW = 64;

    @Override
    public String label() {
      return "%,d in flight".formatted(inFlight);
    }

    @Override
    public String target() {
      return inFlight <= FEW ? ">= 30,000/s" : ">= 100,000/s";
    }
  }

  /// So many per second.
  ///
  /// @param batch publications in one frame
  record Open(int rate, int batch) implements Load {
    private static final int SLOW = 10_000;

    @Override
    public String label() {
      return "%,d/s".formatted(rate) + (batch > 1 ? ", %,d a frame".formatted(batch) : "");
    }

    @Override
    public String target() {
      return rate <= SLOW ? "p50 < 2 ms" : "p50 < 5 ms";
    }
  }

  static String[] headings() {
    return new String[] {
      "channels",
      "load",
      "run",
      "accepted/s",
      "p50 ms",
      "p99 ms",
      "p99.9 ms",
      "max ms",
      "nodes' CPU us each",
      "nodes' CPU",
      "client CPU",
      "client late p99 ms",
      "others on their core",
      "accepted",
      "refused"
    };
  }

  double perSecond() {
    return accepted / wallSeconds;
  }

  double cpuMicros() {
    return nodesCpu * 1e6 / accepted;
  }

  /// Cells of the table of runs.
  String[] cells() {
    List<String> cells = new ArrayList<>();
    cells.add(FanoutRun.whole(channels));
    cells.add(load.label());
    cells.add("" + repeat);
    cells.add(FanoutRun.whole(perSecond()));
    for (double percentile : PERCENTILES) {
      cells.add("%.2f".formatted(delays.percentileMillis(percentile)));
    }
    cells.add("%.1f".formatted(cpuMicros()));
    cells.add(percent(nodesCpu));
    cells.add(percent(clientCpu));
    cells.add(load instanceof Open ? "%.2f".formatted(lateMillis) : "-");
    cells.add(Double.isNaN(othersCpu) ? "-" : percent(othersCpu));
    cells.add(FanoutRun.whole(accepted));
    cells.add(FanoutRun.whole(refused));
    return cells.toArray(String[]::new);
  }

  private String percent(double cpuSeconds) {
    return "%.0f %%".formatted(100 * cpuSeconds / wallSeconds);
  }
}
