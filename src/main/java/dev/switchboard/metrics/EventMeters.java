package dev.switchboard.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongSupplier;

/// What happens to lifecycle events. Safe on any thread.
public final class EventMeters {
  private final Counter retried;
  private final Counter lost;
  private final Counter unheard;
  private final Counter refused;
  private final Counter capCloses;
  private final Counter deadLetters;
  private final Counter[] deliveries;
  private volatile LongSupplier waiting = () -> 0;

  /// What became of a request to a webhook.
  public enum Delivery {
    /// It was taken.
    DELIVERED,
    /// It is tried again.
    FAILED,
    /// Its events were given up.
    GIVEN_UP
  }

  EventMeters(MeterRegistry registry) {
    retried =
        counter(registry, "notes.retried", "Notes for the rolls of events that were put again");
    lost =
        counter(
            registry,
            "rolls.lost",
            "Rolls that began anew and were told again by this node what is open on it");
    unheard = counter(registry, "connects.unheard", "Connects that did not wait for their event");
    refused =
        counter(registry, "connects.refused", "Connects closed as too many notes waited already");
    capCloses =
        counter(registry, "cap.closes", "Connections closed because their user had too many");
    deadLetters =
        counter(registry, "dead.letters", "Events that a webhook did not get and never will");
    deliveries =
        Arrays.stream(Delivery.values())
            .map(
                outcome ->
                    Counter.builder("switchboard.events.webhook.requests")
                        .description("Requests to webhooks by outcome")
                        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                        .register(registry))
            .toArray(Counter[]::new);
    Gauge.builder("switchboard.events.notes.waiting", () -> waiting.getAsLong())
        .description("Notes for the rolls of events that are not taken yet")
        .register(registry);
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder("switchboard.events." + name)
        .description(description)
        .register(registry);
  }

  /// So many notes were put again.
  public void onRetried(long notes) {
    retried.increment(notes);
  }

  /// A roll was lost.
  public void onLost() {
    lost.increment();
  }

  /// A connect went on without its event.
  public void onUnheard() {
    unheard.increment();
  }

  /// A connect was closed as too many notes wait.
  public void onRefused() {
    refused.increment();
  }

  /// A connection is closed as one too many.
  public void onCapClose() {
    capCloses.increment();
  }

  /// Events were given up, or had been forgotten before they were delivered.
  public void onDeadLetters(long events) {
    deadLetters.increment(events);
  }

  /// A request to a webhook ended.
  public void onDelivery(Delivery outcome) {
    deliveries[outcome.ordinal()].increment();
  }

  /// From now on this says how many notes wait; any thread.
  public void waiting(LongSupplier notes) {
    waiting = notes;
  }
}
