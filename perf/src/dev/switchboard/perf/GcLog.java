package dev.switchboard.perf;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// How long the JVM says that it stood still in a stretch of its log of `gc*` and `safepoint`.
///
/// @param pauses for the collector: from the wish to stop all threads until they run again
/// @param others for anything else
/// @param stalls of single threads that had to wait until a concurrent collector had freed memory
record GcLog(Samples pauses, Samples others, Samples stalls) {
  private static final Pattern SAFEPOINT =
      Pattern.compile("Safepoint \"(\\w+)\", .*Total: +(\\d+) ns");
  private static final Pattern COLLECTS =
      Pattern.compile("(G1|Z[A-Z]|Shenandoah|Serial|Gen|Parallel|Collect).*");
  private static final Pattern STALL = Pattern.compile("Allocation Stall \\(.*\\) +([0-9.]+)ms");
  private static final double NANOS_PER_MILLI = 1e6;

  /// The flag that makes a JVM write it: one file, which never starts again from the beginning.
  static String flag(Path file) {
    return "-Xlog:gc*,safepoint:file=" + file + ":uptime,tags:filecount=0";
  }

  /// How much is written.
  static long length(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw PerfException.failed("the JVM writes no log", e);
    }
  }

  /// Reads what was written from byte `from` until before `to`.
  static GcLog read(Path file, long from, long to) {
    try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[Math.toIntExact(to - from)];
      log.seek(from);
      log.readFully(bytes);
      return of(new String(bytes, StandardCharsets.ISO_8859_1).lines());
    } catch (IOException e) {
      throw PerfException.failed("cannot read " + file, e);
    }
  }

  /// What these lines say.
  static GcLog of(Stream<String> lines) {
    GcLog log = new GcLog(new Samples(), new Samples(), new Samples());
    lines.forEach(log::add);
    return log;
  }

  private void add(String line) {
    Matcher safepoint = SAFEPOINT.matcher(line);
    if (safepoint.find()) {
      boolean collects = COLLECTS.matcher(safepoint.group(1)).matches();
      (collects ? pauses : others).add(Long.parseLong(safepoint.group(2)));
      return;
    }
    Matcher stall = STALL.matcher(line);
    if (stall.find()) {
      stalls.add((long) (Double.parseDouble(stall.group(1)) * NANOS_PER_MILLI));
    }
  }
}
