package dev.switchboard.perf;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/// A garbage collector that a node can run with.
enum Collector {
  SERIAL("-XX:-UseG1GC -XX:+UseSerialGC"),
  G1("-XX:+UseG1GC"),
  Z("-XX:-UseG1GC -XX:+UseZGC"),
  SHENANDOAH("-XX:-UseG1GC -XX:+UseShenandoahGC");

  private final String flags;

  Collector(String flags) {
    this.flags = flags;
  }

  static Collector of(String label) {
    return Arrays.stream(values())
        .filter(one -> one.label().equals(label))
        .findFirst()
        .orElseThrow(() -> PerfException.usage("unknown collector " + label));
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// What makes a node run with it.
  ///
  /// The node's flags choose G1, and a JVM that is told two collectors does not start. Only this
  /// variable is read after the command line, so it alone can take the choice back.
  Map<String, String> environment() {
    return Map.of("_JAVA_OPTIONS", flags);
  }
}
