package dev.switchboard.faults;

import java.util.List;
import java.util.stream.IntStream;

/// How much nodes wrote to their logs, without the access log.
///
/// @param warnings lines at WARN and ERROR of all nodes
/// @param busiest the most lines of one node in one second
record Noise(long warnings, int busiest) {
  static final Noise NONE = new Noise(0, 0);

  /// More in a second hides what matters, and fills disks.
  static final int BUSIEST_MAX = 10;

  /// What the logs say now.
  static List<LogLines> now(List<NodeProcess> nodes) {
    return nodes.stream().map(NodeProcess::lines).toList();
  }

  /// What came after an earlier reading of the logs of the same nodes.
  static Noise since(List<LogLines> earlier, List<NodeProcess> nodes) {
    List<LogLines> all = now(nodes);
    return IntStream.range(0, all.size())
        .mapToObj(each -> all.get(each).since(earlier.get(each)))
        .map(lines -> new Noise(lines.warnings(), lines.busiest()))
        .reduce(NONE, Noise::plus);
  }

  /// Both together.
  Noise plus(Noise other) {
    return new Noise(warnings + other.warnings, Math.max(busiest, other.busiest));
  }

  boolean bearable() {
    return busiest <= BUSIEST_MAX;
  }

  /// Such as `3 warnings, at most 2 log lines per second`.
  String text() {
    return "%d warnings, at most %d log lines per second".formatted(warnings, busiest);
  }
}
