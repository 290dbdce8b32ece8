package dev.switchboard.perf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Asks a Java server for its memory through `jcmd`.
final class JavaHeap {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");
  private static final Pattern OTHER =
      Pattern.compile("(?m)^-\\s+Other \\(reserved=\\d+KB, committed=(\\d+)KB");

  /// A server that hangs must not hang the measurement.
  private static final String LIMIT_SECONDS = "60";

  private JavaHeap() {}

  /// Bytes of all reachable objects: the histogram collects garbage first, so it is exact.
  static long liveBytes(long pid) {
    return find(TOTAL, jcmd(pid, "GC.class_histogram"), "a total in the class histogram");
  }

  /// Memory taken outside the heap by direct buffers ("Other" of native memory tracking).
  static long directBytes(long pid) {
    String summary = jcmd(pid, "VM.native_memory", "summary", "scale=KB");
    return 1024 * find(OTHER, summary, "native memory tracking");
  }

  private static long find(Pattern pattern, String text, String what) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw PerfException.failed(
          "jcmd shows no " + what + ": " + text.lines().skip(1).findFirst().orElse(text));
    }
    return Long.parseLong(matcher.group(1));
  }

  private static String jcmd(long pid, String... command) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    ProcessBuilder builder =
        new ProcessBuilder("timeout", LIMIT_SECONDS, jcmd.toString(), "" + pid);
    builder.command().addAll(List.of(command));
    try {
      Process process = builder.redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes());
      if (!process.waitFor(5, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw PerfException.failed("jcmd " + pid + " failed: " + output);
      }
      return output;
    } catch (IOException e) {
      throw PerfException.failed("cannot run " + jcmd, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PerfException.failed("interrupted");
    }
  }
}
