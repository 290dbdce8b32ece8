package dev.switchboard.token;

import dev.switchboard.config.GatewayConfig;
import dev.switchboard.metrics.KeyMeters;
import io.vertx.core.Vertx;

/// The keys that are fetched for each kind of token; shared by a node. Safe on any thread.
public record PublishedKeys(FetchedKeys connections, FetchedKeys subscriptions) {
  /// Those of a configuration, fetched from now on.
  public static PublishedKeys of(Vertx vertx, GatewayConfig config, KeyMeters meters) {
    return new PublishedKeys(
        FetchedKeys.of(vertx, config.token(), meters),
        FetchedKeys.of(vertx, config.subscriptionToken(), meters));
  }
}
