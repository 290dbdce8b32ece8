package dev.switchboard.perf;

import java.util.Arrays;

/// Durations of rounds in nanoseconds, all kept: percentiles are exact.
final class Samples {
  private long[] nanos = new long[1 << 12];
  private int count;
  private boolean sorted;

  void add(long value) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = value;
    sorted = false;
  }

  int count() {
    return count;
  }

  /// The smallest value that `percent` of all samples do not exceed, in milliseconds.
  double percentileMillis(double percent) {
    if (count == 0) {
      throw PerfException.failed("no round ended in the time measured");
    }
    if (!sorted) {
      Arrays.sort(nanos, 0, count);
      sorted = true;
    }
    int rank = (int) Math.ceil(percent / 100 * count);
    return nanos[Math.max(0, rank - 1)] / 1e6;
  }
}
