package dev.switchboard.perf;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/// Durations in nanoseconds, all kept: percentiles are exact, which no histogram's are.
final class Samples {
  private long[] nanos = new long[1 << 12];
  private int count;
  private boolean sorted;

  /// All values of several.
  static Samples joined(List<Samples> parts) {
    Samples all = new Samples();
    for (Samples part : parts) {
      for (int i = 0; i < part.count; i++) {
        all.add(part.nanos[i]);
      }
    }
    return all;
  }

  void add(long value) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = value;
    sorted = false;
  }

  /// Each of them, in no order.
  LongStream nanos() {
    return Arrays.stream(nanos, 0, count);
  }

  int count() {
    return count;
  }

  /// The smallest value that `percent` of all samples do not exceed, in milliseconds.
  double percentileMillis(double percent) {
    if (count == 0) {
      throw PerfException.failed("nothing ended in the time measured");
    }
    if (!sorted) {
      Arrays.sort(nanos, 0, count);
      sorted = true;
    }
    int rank = (int) Math.ceil(percent / 100 * count);
    return nanos[Math.max(0, rank - 1)] / 1e6;
  }
}
