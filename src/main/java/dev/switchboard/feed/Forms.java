package dev.switchboard.feed;

import dev.switchboard.channel.Subscription;
import dev.switchboard.session.Envelope;
import dev.switchboard.session.Session;
import java.util.IdentityHashMap;
import java.util.Map;

/// The forms of one push for one audience: with the channel's name or with its number, each made
/// once. For one turn of one event loop.
public final class Forms {
  private Map<Envelope, Envelope> numbered;

  /// Sends a push to a subscriber, named as it wants it.
  public void send(Subscription<Session> subscription, Envelope envelope) {
    subscription.subscriber().offer(of(subscription.number(), envelope));
  }

  private Envelope of(long number, Envelope envelope) {
    if (number == 0) {
      return envelope;
    }
    if (numbered == null) {
      numbered = new IdentityHashMap<>(2);
    }
    return numbered.computeIfAbsent(envelope, one -> one.numbered(number));
  }
}
