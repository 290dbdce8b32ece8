package dev.switchboard.channel;

import dev.switchboard.config.GatewayConfig.Namespace;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// Who listens to which channel on one event loop. Confined to that loop.
///
/// @param <S> what a subscriber is
public final class Subscriptions<S> {
  private final Map<String, Audience<S>> audiences = new HashMap<>();
  private int size;

  /// The channel's subscribers on this loop, or null when there are none.
  public Audience<S> find(String channel) {
    return audiences.get(channel);
  }

  /// Every channel with a subscriber on this loop.
  public Collection<Audience<S>> audiences() {
    return audiences.values();
  }

  /// Channels with a subscriber on this loop.
  public int channels() {
    return audiences.size();
  }

  /// Subscriptions on this loop.
  public int size() {
    return size;
  }

  /// Adds a subscriber; the caller has made sure that it is not subscribed yet.
  ///
  /// @param info JSON bytes shown to others on the channel, or null
  /// @param expireAt second of the Unix epoch at which it ends unless refreshed, 0 for never
  public Subscription<S> add(
      String channel, Namespace policy, S subscriber, byte[] info, long expireAt) {
    var audience = audiences.computeIfAbsent(channel, name -> new Audience<>(name, policy));
    var subscription = new Subscription<>(audience, subscriber, info, expireAt);
    audience.add(subscription);
    size++;
    return subscription;
  }

  /// Ends a subscription that [#add] made; the channel goes with its last subscriber.
  public void remove(Subscription<S> subscription) {
    var audience = subscription.audience();
    audience.remove(subscription);
    size--;
    if (audience.size() == 0) {
      audiences.remove(audience.channel());
    }
  }
}
