package dev.switchboard.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Reads what the kernel knows about a process: processor time and resident memory.
final class Cpu {
  /// Linux has counted in hundredths of a second since 2.6 (USER_HZ).
  private static final double TICKS_PER_SECOND = 100;

  private static final int UTIME = 11;
  private static final int STIME = 12;
  private static final int IDLE = 4;
  private static final int IOWAIT = 5;
  private static final int STEAL = 8;

  private Cpu() {}

  /// User and system time of all threads since start, in seconds.
  static double seconds(long pid) {
    String stat = read("/proc/" + pid + "/stat");
    String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long ticks = Long.parseLong(afterName[UTIME]) + Long.parseLong(afterName[STIME]);
    return ticks / TICKS_PER_SECOND;
  }

  /// Seconds a core was busy since boot, whoever kept it so; interrupts and steal included.
  static double coreSeconds(int core) {
    String line =
        read("/proc/stat")
            .lines()
            .filter(text -> text.startsWith("cpu" + core + " "))
            .findFirst()
            .orElseThrow(() -> PerfException.usage("there is no core " + core));
    String[] ticks = line.split(" ");
    long busy = 0;
    for (int i = 1; i <= STEAL; i++) {
      busy += i == IDLE || i == IOWAIT ? 0 : Long.parseLong(ticks[i]);
    }
    return busy / TICKS_PER_SECOND;
  }

  /// Resident set in bytes.
  static long residentBytes(long pid) {
    return read("/proc/" + pid + "/status")
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElseThrow(() -> PerfException.failed("process " + pid + " has no memory any more"));
  }

  /// Moves every thread of a process to one core; new threads inherit it.
  static void pin(long pid, int core) {
    try {
      Process taskset =
          new ProcessBuilder("taskset", "--all-tasks", "--cpu-list", "--pid", "" + core, "" + pid)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!taskset.waitFor(10, TimeUnit.SECONDS) || taskset.exitValue() != 0) {
        throw PerfException.missing("taskset cannot pin to core " + core + "; try --no-pin");
      }
    } catch (IOException e) {
      throw PerfException.missing("taskset is not installed (util-linux); try --no-pin");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PerfException.failed("interrupted");
    }
  }

  private static String read(String path) {
    try {
      return Files.readString(Path.of(path));
    } catch (IOException e) {
      throw PerfException.failed("cannot read " + path + " (has the server ended?)", e);
    }
  }
}
