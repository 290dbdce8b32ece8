package dev.switchboard.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// What is counted of fetching the keys of tokens. Safe on any thread.
public final class KeyMeters {
  private final Counter good;
  private final Counter failed;

  /// @param registry where the meters live
  public KeyMeters(MeterRegistry registry) {
    good = fetches(registry, "good");
    failed = fetches(registry, "failed");
  }

  private static Counter fetches(MeterRegistry registry, String outcome) {
    return Counter.builder("switchboard.token.key.fetches")
        .description("Fetches of key sets that tokens are verified with")
        .tag("outcome", outcome)
        .register(registry);
  }

  /// A set was fetched, or not.
  public void onFetched(boolean well) {
    (well ? good : failed).increment();
  }
}
