package dev.switchboard.channel;

import java.util.Arrays;
import java.util.function.Consumer;

/// The subscriptions of one subscriber, found by channel. Confined to the subscriber's event loop.
///
/// Most sessions hold one or two, a few hold hundreds: an open-addressed table that starts with two
/// places costs 40 bytes where a `HashMap` costs 200.
///
/// @param <S> what a subscriber is
public final class SubscriptionSet<S> {
  private Subscription<S>[] table = array(2);
  private int size;

  /// How many there are.
  public int size() {
    return size;
  }

  /// The subscription to `channel`, or null.
  public Subscription<S> find(String channel) {
    int mask = table.length - 1;
    for (int place = spread(channel) & mask; ; place = place + 1 & mask) {
      var found = table[place];
      if (found == null || found.channel().equals(channel)) {
        return found;
      }
    }
  }

  /// Adds a subscription to a channel that is not in the set.
  public void add(Subscription<S> subscription) {
    // One place is always free, so every search ends.
    if ((size + 1) * 4 > table.length * 3) {
      grow();
    }
    place(subscription);
    size++;
  }

  /// Takes the subscription to `channel` out and returns it, or null.
  public Subscription<S> remove(String channel) {
    var found = find(channel);
    if (found == null) {
      return null;
    }
    size--;
    var rest = table;
    table = array(rest.length);
    for (var subscription : rest) {
      if (subscription != null && subscription != found) {
        place(subscription);
      }
    }
    return found;
  }

  /// Calls `action` for each; it must not change the set.
  public void forEach(Consumer<Subscription<S>> action) {
    for (var subscription : table) {
      if (subscription != null) {
        action.accept(subscription);
      }
    }
  }

  /// Takes everything out, telling `action` of each.
  public void drain(Consumer<Subscription<S>> action) {
    var all = table;
    table = array(2);
    size = 0;
    Arrays.stream(all).filter(subscription -> subscription != null).forEach(action);
  }

  private void grow() {
    var old = table;
    table = array(old.length * 2);
    for (var subscription : old) {
      if (subscription != null) {
        place(subscription);
      }
    }
  }

  private void place(Subscription<S> subscription) {
    int mask = table.length - 1;
    int place = spread(subscription.channel()) & mask;
    while (table[place] != null) {
      place = place + 1 & mask;
    }
    table[place] = subscription;
  }

  private static int spread(String channel) {
    int hash = channel.hashCode();
    return hash ^ hash >>> 16;
  }

  @SuppressWarnings("unchecked")
  private static <S> Subscription<S>[] array(int length) {
    return (Subscription<S>[]) new Subscription<?>[length];
  }
}
