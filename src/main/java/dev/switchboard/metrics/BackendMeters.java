package dev.switchboard.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// What is counted of calls to back ends. Safe on any thread.
public final class BackendMeters {
  private final Counter[][] calls = new Counter[Event.values().length][Outcome.values().length];
  private final Timer durations;

  /// What a back end is asked about.
  public enum Event {
    /// A client connects without a token.
    CONNECT,
    /// The time of a session is over.
    REFRESH,
    /// A client subscribes without a token.
    SUBSCRIBE,
    /// The time of a subscription is over.
    SUB_REFRESH,
    /// A client publishes.
    PUBLISH,
    /// A client calls a method.
    RPC;

    /// As metrics and back ends have it.
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

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
    for (Event event : Event.values()) {
      for (Outcome outcome : Outcome.values()) {
        calls[event.ordinal()][outcome.ordinal()] =
            Counter.builder("switchboard.backend.calls")
                .description("Calls to back ends")
                .tag("event", event.label())
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(registry);
      }
    }
    durations =
        Timer.builder("switchboard.backend.duration")
            .description("Call to its answer, or to giving it up")
            .serviceLevelObjectives(GatewayMetrics.LATENCY_BUCKETS)
            .register(registry);
  }

  /// A call ended without anybody being asked.
  public void onEnded(Event event, Outcome outcome) {
    calls[event.ordinal()][outcome.ordinal()].increment();
  }

  /// A call ended.
  public void onEnded(Event event, Outcome outcome, long nanos) {
    onEnded(event, outcome);
    durations.record(nanos, TimeUnit.NANOSECONDS);
  }
}
