package dev.switchboard.perf;

import java.util.Arrays;

/// Delays with the time at which each was due, to be cut into windows once these are known.
final class Timeline implements Arrivals.Delays {
  /// Small, as each of 17,000 sockets may have its own.
  private static final int FIRST_LENGTH = 16;

  private long[] dues = new long[FIRST_LENGTH];
  private long[] delays = new long[FIRST_LENGTH];
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

  int count() {
    return count;
  }

  /// How many there are that were due at different times: of messages that are, these are those
  /// that did not come twice.
  int distinct() {
    return (int) Arrays.stream(dues, 0, count).distinct().count();
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
