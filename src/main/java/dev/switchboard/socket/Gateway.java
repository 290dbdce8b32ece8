package dev.switchboard.socket;

import dev.switchboard.backend.Backends;
import dev.switchboard.channel.Policies;
import dev.switchboard.cluster.NodeHealth;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.door.Admission;
import dev.switchboard.events.Registrar;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.routing.MessageRouter;
import dev.switchboard.routing.NodeIdentity;
import dev.switchboard.routing.Publisher;
import dev.switchboard.store.Streams;
import dev.switchboard.token.PublishedKeys;
import java.time.InstantSource;
import java.util.Optional;

/// What all WebSocket verticles of a node share. Every part is safe on any thread.
///
/// @param streams what channels with history keep
/// @param publisher the way of all publications
/// @param registrar told of sessions and subscriptions, if there are lifecycle events
/// @param backends that decide about clients and answer their calls
/// @param keys with which tokens may be signed, beside those of the configuration
/// @param wallClock for token expiry only; deadlines use monotonic time
public record Gateway(
    GatewayConfig config,
    NodeIdentity node,
    MessageRouter router,
    Streams streams,
    Publisher publisher,
    Optional<Registrar> registrar,
    Backends backends,
    PublishedKeys keys,
    Policies policies,
    Admission admission,
    NodeHealth health,
    GatewayMetrics metrics,
    InstantSource wallClock) {
  /// Bytes of publications that one reply may hold: with others in its outbox, a reader who is not
  /// slow must never pass `client.outbox_bytes_max` by what it asked for.
  int replyBytesMax() {
    return Math.min(config.history().pageBytesMax(), config.client().outboxBytesMax() / 2);
  }
}
