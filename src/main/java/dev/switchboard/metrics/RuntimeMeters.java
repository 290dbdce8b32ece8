package dev.switchboard.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;

/// What is measured of the process itself: memory, the collector, the processors.
public final class RuntimeMeters implements AutoCloseable {
  private final JvmGcMetrics garbage = new JvmGcMetrics();

  /// @param registry where the meters live
  public RuntimeMeters(MeterRegistry registry) {
    garbage.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
  }

  @Override
  public void close() {
    garbage.close();
  }
}
