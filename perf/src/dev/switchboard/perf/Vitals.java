package dev.switchboard.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// What a Java server holds at one moment.
///
/// @param minutes since the first client came
/// @param heap bytes of live objects
/// @param direct bytes of buffers outside the heap
/// @param resident bytes of its resident set
record Vitals(
    double minutes, long heap, long direct, long resident, long descriptors, long threads) {
  private static final double MEBIBYTE = 1 << 20;

  /// One of the things a server holds, as tables show it.
  record Quantity(String name, String format, ToDoubleFunction<Vitals> value) {
    String cell(double number) {
      return format.formatted(number);
    }
  }

  /// All of them.
  static final List<Quantity> QUANTITIES =
      List.of(
          new Quantity("live heap MiB", "%.2f", vitals -> vitals.heap / MEBIBYTE),
          new Quantity("direct MiB", "%.2f", vitals -> vitals.direct / MEBIBYTE),
          new Quantity("RSS MiB", "%.1f", vitals -> vitals.resident / MEBIBYTE),
          new Quantity("descriptors", "%.0f", vitals -> vitals.descriptors),
          new Quantity("threads", "%.0f", vitals -> vitals.threads));

  /// Reads them; collects garbage first.
  static Vitals read(long pid, double minutes) {
    long heap = JavaHeap.liveBytes(pid);
    return new Vitals(
        minutes,
        heap,
        JavaHeap.directBytes(pid),
        Cpu.residentBytes(pid),
        entries(Path.of("/proc", "" + pid, "fd")),
        entries(Path.of("/proc", "" + pid, "task")));
  }

  private static long entries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.count();
    } catch (IOException e) {
      throw PerfException.failed("cannot read " + folder, e);
    }
  }
}
