package dev.switchboard.testkit;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;

/// One execution of a fuzz target, which must not take long. Pure, but for the clock.
///
/// An execution that took over 50 ms is no finding yet: it may have been the first that used a
/// class, or the machine may have done something else. It was the warm-up; a hang is what takes so
/// much processor time each of eight times more, the first of which may still be interpreted.
public final class Execution {
  /// What a message of a client, a token, a body or an item between nodes may cost.
  public static final long MILLIS_MAX = 50;

  /// What a report of a hang begins with.
  public static final String HANG = "hang: ";

  /// What a report of buffers that were not released begins with.
  public static final String LEAK = "leak: ";

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int MEASURED_MAX = 8;
  private static final long NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(MILLIS_MAX);

  private Execution() {}

  /// What is done with an input; throws what is a finding.
  public interface Target {
    /// Takes the input, which it may change.
    void take(byte[] input) throws Exception;
  }

  /// Gives an input to a target, and looks at the clock.
  public static void watch(byte[] input, Target target) throws Exception {
    long begun = System.nanoTime();
    target.take(input.clone());
    if (System.nanoTime() - begun > NANOS_MAX) {
      long least = Long.MAX_VALUE;
      for (int turn = 0; turn < MEASURED_MAX && least > NANOS_MAX; turn++) {
        least = Math.min(least, measured(input, target));
      }
      if (least > NANOS_MAX) {
        throw new AssertionError(HANG + TimeUnit.NANOSECONDS.toMillis(least) + " ms");
      }
    }
  }

  private static long measured(byte[] input, Target target) throws Exception {
    byte[] own = input.clone();
    long begun = THREADS.getCurrentThreadCpuTime();
    target.take(own);
    return THREADS.getCurrentThreadCpuTime() - begun;
  }
}
