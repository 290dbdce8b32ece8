package dev.switchboard.faults;

import java.time.Duration;
import java.util.List;

/// Times in order, exact: all are kept. Immutable.
record Percentiles(List<Duration> times) {
  Percentiles {
    times = times.stream().sorted().toList();
  }

  /// Such as `p50 0.41 s, p99 1.20 s, max 1.31 s of 334`.
  String text() {
    return times.isEmpty()
        ? "none"
        : "p50 %s, p99 %s, max %s of %,d".formatted(text(0.5), text(0.99), text(1), times.size());
  }

  /// The time that this part of all did not exceed; there must be some.
  ///
  /// @param part from 0 to 1
  Duration at(double part) {
    int rank = (int) Math.ceil(part * times.size());
    return times.get(Math.max(rank, 1) - 1);
  }

  private String text(double part) {
    return "%.2f s".formatted(at(part).toMillis() / 1e3);
  }
}
