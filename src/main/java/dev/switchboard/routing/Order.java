package dev.switchboard.routing;

import dev.switchboard.auth.SubscriptionTerms;
import dev.switchboard.protocol.ClientId;
import dev.switchboard.protocol.UnsubscribeCode;
import dev.switchboard.stream.Position;
import java.util.Optional;
import java.util.Set;

/// What is done to a recipient's sessions, wherever they are; values, so they travel as they are.
///
/// Its JSON was checked where it came in. Each session of the recipient answers with one
/// [Delivery].
public sealed interface Order {
  /// Sends a message to the session alone.
  ///
  /// @param data the payload; not necessarily JSON
  record Message(byte[] data) implements Order {}

  /// Closes the session.
  ///
  /// @param code 3000 to 4999
  /// @param reason at most 123 bytes
  /// @param spared sessions to leave alone
  record Disconnect(int code, String reason, Set<ClientId> spared) implements Order {}

  /// Ends a subscription of the session.
  ///
  /// @param channel the channel, or empty for all
  /// @param code 2000 to 2999
  /// @param reason at most 123 bytes
  record Unsubscribe(String channel, int code, String reason) implements Order {
    /// With the usual code, 2000.
    public static Unsubscribe byServer(String channel) {
      return new Unsubscribe(
          channel, UnsubscribeCode.SERVER.code(), UnsubscribeCode.SERVER.reason());
    }
  }

  /// Subscribes the session without its asking.
  ///
  /// @param since place in the channel's stream from which the client gets what it missed
  record Subscribe(String channel, SubscriptionTerms terms, Optional<Position> since)
      implements Order {}

  /// Says anew how long the session is good, as a new token would.
  ///
  /// @param expired whether its time is over: it is closed with 3005
  /// @param expireAt second of the Unix epoch at which it must be refreshed again, 0 for never
  /// @param info JSON bytes shown to others instead of what the token said, or null to keep that
  record Refresh(boolean expired, long expireAt, byte[] info) implements Order {}

  /// Has the session carry out what its client said by another way than its connection.
  ///
  /// @param secret that the client has from its connect reply
  /// @param message as it would have come on a socket
  record Commands(String secret, byte[] message) implements Order {}
}
