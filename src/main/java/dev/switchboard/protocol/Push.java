package dev.switchboard.protocol;

/// What the server says unasked.
public sealed interface Push {
  /// The channel it concerns; empty for [Message], [Disconnect] and [Refresh].
  String channel();

  /// Somebody published.
  record Publish(String channel, Publication publication) implements Push {}

  /// A client subscribed.
  record Join(String channel, ClientInfo info) implements Push {}

  /// A client left.
  record Leave(String channel, ClientInfo info) implements Push {}

  /// The server ended the subscription.
  record Unsubscribe(String channel, int code, String reason) implements Push {}

  /// The server made a subscription for the client.
  record Subscribe(
      String channel,
      boolean recoverable,
      String epoch,
      long offset,
      boolean positioned,
      byte[] data)
      implements Push {}

  /// A message for this session alone.
  record Message(byte[] data) implements Push {
    @Override
    public String channel() {
      return "";
    }
  }

  /// The connection is about to end; used where no close frame exists.
  record Disconnect(int code, String reason) implements Push {
    @Override
    public String channel() {
      return "";
    }
  }

  /// The server refreshed the connection by itself.
  record Refresh(boolean expires, long ttl) implements Push {
    @Override
    public String channel() {
      return "";
    }
  }
}
