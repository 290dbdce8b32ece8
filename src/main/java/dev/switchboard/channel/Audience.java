package dev.switchboard.channel;

import dev.switchboard.config.GatewayConfig.Namespace;
import java.util.Arrays;
import java.util.function.Consumer;

/// The subscribers of one channel on one event loop. Confined to that loop.
///
/// An array that is walked for every publication; a leaver's place is taken by the last one, so
/// leaving costs the same whatever the size.
///
/// @param <S> what a subscriber is
public final class Audience<S> {
  private final String channel;
  private final Namespace policy;
  private final Feed feed;
  private final long number;
  private Subscription<S>[] members;
  private int size;

  /// @param number unique on this loop
  Audience(String channel, Namespace policy, long number) {
    this.number = number;
    this.channel = channel;
    this.policy = policy;
    this.feed = policy.historySize() > 0 ? new Feed(policy) : null;
    this.members = array(1);
  }

  /// The channel's full name.
  public String channel() {
    return channel;
  }

  /// A number that no other channel has or had on this loop, above 0.
  public long number() {
    return number;
  }

  /// What the channel's namespace allows.
  public Namespace policy() {
    return policy;
  }

  /// How far it got in the channel's stream; null when the channel is none.
  public Feed feed() {
    return feed;
  }

  /// How many subscribe.
  public int size() {
    return size;
  }

  /// Calls `action` for each subscription, in no particular order.
  ///
  /// Walks backwards, so `action` may end the subscription it is given.
  public void forEach(Consumer<Subscription<S>> action) {
    for (int index = size - 1; index >= 0; index--) {
      action.accept(members[index]);
    }
  }

  void add(Subscription<S> subscription) {
    if (size == members.length) {
      members = Arrays.copyOf(members, size * 2);
    }
    subscription.index = size;
    members[size++] = subscription;
  }

  void remove(Subscription<S> subscription) {
    Subscription<S> last = members[--size];
    members[subscription.index] = last;
    last.index = subscription.index;
    members[size] = null;
    if (size > 4 && size < members.length / 4) {
      members = Arrays.copyOf(members, members.length / 2);
    }
  }

  @SuppressWarnings("unchecked")
  private static <S> Subscription<S>[] array(int length) {
    return (Subscription<S>[]) new Subscription<?>[length];
  }
}
