package dev.switchboard.perf;

import java.util.Locale;

/// What one server did in one measured stretch of the fan-out.
///
/// @param inFlight publications per round
/// @param deliveries messages that reached subscribers
/// @param serverCpu seconds of processor time the server took
/// @param clientCpu the same of the load client
/// @param othersCpu what anything else took of the server's core, NaN when nothing is pinned
/// @param wireBytes bytes above TCP that subscribers received
record FanoutRun(
    ServerKind kind,
    int inFlight,
    long deliveries,
    double wallSeconds,
    double serverCpu,
    double clientCpu,
    double othersCpu,
    long wireBytes,
    Samples rounds) {

  double perCpuSecond() {
    return deliveries / serverCpu;
  }

  double perSecond() {
    return deliveries / wallSeconds;
  }

  double roundMedian() {
    return rounds.percentileMillis(50);
  }

  double bytesPerDelivery() {
    return (double) wireBytes / deliveries;
  }

  /// Cells of the table of runs.
  String[] cells(int repeat) {
    return new String[] {
      kind.label(),
      "" + inFlight,
      "" + repeat,
      whole(perCpuSecond()),
      whole(perSecond()),
      "%.2f".formatted(rounds.percentileMillis(50)),
      "%.2f".formatted(rounds.percentileMillis(99)),
      percent(serverCpu),
      percent(clientCpu),
      Double.isNaN(othersCpu) ? "-" : percent(othersCpu),
      "%.1f".formatted(bytesPerDelivery())
    };
  }

  private String percent(double cpuSeconds) {
    return "%.0f %%".formatted(100 * cpuSeconds / wallSeconds);
  }

  /// A number with its thousands apart.
  static String whole(double number) {
    return String.format(Locale.ROOT, "%,.0f", number);
  }
}
