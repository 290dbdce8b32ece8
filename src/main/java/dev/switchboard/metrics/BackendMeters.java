package dev.switchboard.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// What is counted of calls to back ends. Safe on any thread.
public final class BackendMeters {
  private final Counter[] calls = new Counter[Outcome.values().length];
  private final Timer durations;

  /// How a call ended.
  public enum Outcome {
    /// With a result.
    ANSWERED,
    /// With an error of the application.
    REFUSED,
    /// The client had to go.
    CLOSED,
    /// Without an answer that could be passed on.
    FAILED,
    /// Not asked, as the back end failed too often.
    RESTING,
    /// Not asked, as `backend.pending_max` calls waited.
    BUSY
  }

  BackendMeters(MeterRegistry registry) {
    for (Outcome outcome : Outcome.values()) {
      calls[outcome.ordinal()] =
          Counter.builder("switchboard.backend.calls")
              .description("Calls to back ends")
              .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
              .register(registry);
    }
    durations =
        Timer.builder("switchboard.backend.duration")
            .description("Call to its answer, or to giving it up")
            .serviceLevelObjectives(GatewayMetrics.LATENCY_BUCKETS)
            .register(registry);
  }

  /// A call ended without anybody being asked.
  public void onEnded(Outcome outcome) {
    calls[outcome.ordinal()].increment();
  }

  /// A call ended.
  public void onEnded(Outcome outcome, long nanos) {
    onEnded(outcome);
    durations.record(nanos, TimeUnit.NANOSECONDS);
  }
}
