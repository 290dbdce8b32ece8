package dev.switchboard.socket;

import dev.switchboard.channel.Subscription;
import dev.switchboard.feed.Landing;
import dev.switchboard.protocol.Reply;

/// Replies that are built in more than one place.
final class Replies {
  private Replies() {}

  /// A subscription with its place in a stream, if it has one.
  ///
  /// @param data bytes told to the client, or null
  static Reply.Subscribe subscribed(
      long id, Expiry expiry, Landing landing, Subscription<?> subscription, byte[] data) {
    return new Reply.Subscribe(
        id,
        expiry.expires(),
        expiry.ttl(),
        landing.recoverable(),
        landing.epoch(),
        landing.publications(),
        landing.recovered(),
        landing.offset(),
        landing.positioned(),
        data,
        landing.recovering(),
        subscription.wantsDeltas(),
        subscription.number());
  }
}
