package dev.switchboard.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.function.LongSupplier;

/// What is counted of payloads and their schemas.
public final class SchemaMeters {
  private SchemaMeters() {}

  /// Adds how many payloads were refused as they did not fit their schema.
  ///
  /// @param refusals counts by reason, a closed set
  public static void register(MeterRegistry registry, Map<String, LongSupplier> refusals) {
    refusals.forEach(
        (reason, count) ->
            FunctionCounter.builder("switchboard.schema.refusals", count, LongSupplier::getAsLong)
                .description("Payloads refused by the schema of their namespace")
                .tag("reason", reason)
                .register(registry));
  }
}
