package dev.switchboard.feed;

import dev.switchboard.channel.Subscription;
import dev.switchboard.protocol.Publication;
import dev.switchboard.session.Session;

/// Gives one subscription a publication, in the form in which it wants it, if it wants it at all.
///
/// On the subscriber's event loop.
public final class Serving {
  private Serving() {}

  /// Whether a subscription wants a publication at all.
  public static boolean isWanted(Subscription<Session> subscription, Publication publication) {
    return subscription.wants(publication.tags())
        && !(subscription.isEchoOff() && subscription.subscriber().isAuthorOf(publication));
  }

  /// Gives one that the stream does not keep, and so has no place in the order.
  static void offerUnkept(
      Subscription<Session> subscription, StreamEnvelope envelope, Forms forms) {
    if (!isWanted(subscription, envelope.publication())) {
      return;
    }
    if (subscription.wantsDeltas()) {
      // To the client it is the base of what comes next, which it is not.
      subscription.served(false);
    }
    send(subscription, envelope, null, forms);
  }

  /// Gives one of the stream, unless the subscriber has it.
  ///
  /// @param base the publication right before, or null when it is not known
  /// @return false when one before it is missing, and the subscriber must be told
  static boolean offer(
      Subscription<Session> subscription, StreamEnvelope envelope, Publication base, Forms forms) {
    long offset = envelope.publication().offset();
    boolean hasBase = subscription.hasBefore(offset);
    switch (subscription.next(offset)) {
      case DUE -> give(subscription, envelope, hasBase ? base : null, forms);
      case COVERED -> {}
      case BEYOND -> {
        return false;
      }
    }
    return true;
  }

  private static void give(
      Subscription<Session> subscription, StreamEnvelope envelope, Publication base, Forms forms) {
    if (isWanted(subscription, envelope.publication())) {
      send(subscription, envelope, base, forms);
    } else {
      subscription.served(false);
    }
  }

  private static void send(
      Subscription<Session> subscription, StreamEnvelope envelope, Publication base, Forms forms) {
    forms.send(
        subscription,
        subscription.wantsDeltas()
            ? envelope.envelope(subscription.subscriber().encoding(), base)
            : envelope.envelope());
  }
}
