package dev.switchboard.wire;

import dev.switchboard.config.GatewayConfig;
import java.time.Duration;

/// The bounds of every socket, from `client.*`.
///
/// @param messageBytesMax payload of a whole message, else 1009
/// @param fragmentsMax frames of one message, else 1009
/// @param outboxBytesMax bytes waiting for a reader, else 3008
/// @param controlFrames pings and pongs a peer may send, else 1008
/// @param closeGrace how long a peer may take to answer a close frame
public record SocketLimits(
    int messageBytesMax,
    int fragmentsMax,
    int outboxBytesMax,
    RateLimit controlFrames,
    Duration closeGrace) {
  /// The limits the operator configured.
  public static SocketLimits of(GatewayConfig.Client client) {
    return new SocketLimits(
        client.messageBytesMax(),
        client.fragmentsMax(),
        client.outboxBytesMax(),
        new RateLimit(client.controlFramesPerSecond(), client.controlFramesBurst()),
        client.closeGrace());
  }
}
