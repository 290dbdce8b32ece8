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
        : "p50 %s, p99 %s, max %s of %,d".formatted(at(0.5), at(0.99), at(1), times.size());
  }

  private String at(double part) {
    int rank = (int) Math.ceil(part * times.size());
    return "%.2f s".formatted(times.get(Math.max(rank, 1) - 1).toMillis() / 1e3);
  }
}
