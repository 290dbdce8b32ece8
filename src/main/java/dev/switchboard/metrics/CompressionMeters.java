package dev.switchboard.metrics;

import dev.switchboard.metrics.GatewayMetrics.Direction;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/// What is counted of compressed messages. Safe on any thread.
public final class CompressionMeters {
  private final Counter[] runs = new Counter[Direction.values().length];
  private final Counter[] plain = new Counter[Direction.values().length];
  private final Counter[] compressed = new Counter[Direction.values().length];

  CompressionMeters(MeterRegistry registry) {
    for (Direction direction : Direction.values()) {
      String label = direction.name().toLowerCase(Locale.ROOT);
      runs[direction.ordinal()] =
          Counter.builder("switchboard.compression.runs")
              .description("Messages that were compressed or inflated")
              .tag("direction", label)
              .register(registry);
      plain[direction.ordinal()] = bytes(registry, label, "plain");
      compressed[direction.ordinal()] = bytes(registry, label, "compressed");
    }
  }

  private static Counter bytes(MeterRegistry registry, String direction, String form) {
    return Counter.builder("switchboard.compression.bytes")
        .description("Bytes of messages that went compressed, with and without")
        .tags("direction", direction, "form", form)
        .register(registry);
  }

  /// Messages were compressed or inflated: once each, however many sockets they were for.
  public void onRuns(Direction direction, long count) {
    runs[direction.ordinal()].increment(count);
  }

  /// Messages passed through sockets in compressed form.
  ///
  /// @param before what they are without compression
  /// @param after what they were instead
  public void onBytes(Direction direction, long before, long after) {
    plain[direction.ordinal()].increment(before);
    compressed[direction.ordinal()].increment(after);
  }
}
