package dev.switchboard.socket;

import dev.switchboard.protocol.Reply;
import java.util.List;

/// Replies that are built in more than one place.
final class Replies {
  private Replies() {}

  /// A subscription to a channel without a stream.
  static Reply.Subscribe subscribed(long id, Expiry expiry) {
    return new Reply.Subscribe(
        id,
        expiry.expires(),
        expiry.ttl(),
        false,
        "",
        List.of(),
        false,
        0,
        false,
        null,
        false,
        false);
  }
}
