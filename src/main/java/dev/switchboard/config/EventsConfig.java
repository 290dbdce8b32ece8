package dev.switchboard.config;

import java.time.Duration;
import java.util.List;

/// Events for back ends: who connects, subscribes, leaves.
///
/// @param historySize events kept of each of the 16 streams
/// @param connectTimeout a connect goes on without its event after so long
/// @param notesMax what waits to become events while streams cannot be kept
/// @param lastSeenMax users without connection that are remembered, in the whole cluster
/// @param webhookBatchMax events in one request
/// @param webhookGiveUpAfter events that could not be delivered for so long are dead letters
public record EventsConfig(
    boolean enabled,
    int historySize,
    Duration historyTtl,
    Duration connectTimeout,
    int notesMax,
    int lastSeenMax,
    Duration lastSeenTtl,
    List<Webhook> webhooks,
    int webhookBatchMax,
    Duration webhookTimeout,
    Duration webhookGiveUpAfter) {
  /// A URL that is told all events.
  ///
  /// @param name under which it is remembered which events it has
  /// @param secret signs what is sent, as Standard Webhooks says
  public record Webhook(String name, String url, Secret secret) {}
}
