package dev.switchboard.perf;

import java.util.Arrays;

/// Delays with the time at which each was due, to be cut into windows once these are known.
final class Timeline implements Arrivals.Delays {
  private long[] dues = new long[1 << 12];
  private long[] delays = new long[1 << 12];
  private int count;

  @Override
  public void add(long due, long nanos) {
    if (count == dues.length) {
      dues = Arrays.copyOf(dues, 2 * count);
      delays = Arrays.copyOf(delays, 2 * count);
    }
    dues[count] = due;
    delays[count++] = nanos;
  }

  /// The delays of what was due from `from` until before `to`.
  Samples between(long from, long to) {
    Samples samples = new Samples();
    for (int i = 0; i < count; i++) {
      if (dues[i] - from >= 0 && dues[i] - to < 0) {
        samples.add(delays[i]);
      }
    }
    return samples;
  }
}
