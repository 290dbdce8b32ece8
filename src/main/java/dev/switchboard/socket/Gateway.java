package dev.switchboard.socket;

import dev.switchboard.channel.Policies;
import dev.switchboard.cluster.NodeHealth;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.metrics.GatewayMetrics;
import dev.switchboard.routing.MessageRouter;
import dev.switchboard.routing.NodeIdentity;
import java.time.InstantSource;

/// What all WebSocket verticles of a node share. Every part is safe on any thread.
///
/// @param wallClock for token expiry only; deadlines use monotonic time
public record Gateway(
    GatewayConfig config,
    NodeIdentity node,
    MessageRouter router,
    Policies policies,
    Admission admission,
    NodeHealth health,
    GatewayMetrics metrics,
    InstantSource wallClock) {}
