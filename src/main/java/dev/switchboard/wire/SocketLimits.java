package dev.switchboard.wire;

import dev.switchboard.config.GatewayConfig;
import java.time.Duration;

/// The bounds of every socket, from `client.*` and `link.age_max`.
///
/// @param messageBytesMax payload of a whole message, else 1009
/// @param fragmentsMax frames of one message, else 1009
/// @param outboxBytesMax bytes waiting for a reader, else 3008
/// @param controlFrames pings and pongs a peer may send, else 1008
/// @param closeGrace how long a peer may take to answer a close frame
/// @param ageMax how long the loop may take from a frame to its flush, else 3011
public record SocketLimits(
    int messageBytesMax,
    int fragmentsMax,
    int outboxBytesMax,
    RateLimit controlFrames,
    Duration closeGrace,
    Duration ageMax) {
  /// Bytes of a compressed message: what does not compress gets a little longer, by what the worst
  /// settings of zlib add.
  int compressedBytesMax() {
    return (int) Math.min(Integer.MAX_VALUE, messageBytesMax * 9L / 8 + 64);
  }

  /// The limits the operator configured.
  public static SocketLimits of(GatewayConfig config) {
    var client = config.client();
    return new SocketLimits(
        client.messageBytesMax(),
        client.fragmentsMax(),
        client.outboxBytesMax(),
        new RateLimit(client.controlFramesPerSecond(), client.controlFramesBurst()),
        client.closeGrace(),
        config.link().ageMax());
  }
}
