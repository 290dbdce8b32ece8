package dev.switchboard.channel;

import dev.switchboard.config.GatewayConfig.Namespace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Who listens to which channel on one event loop. Confined to that loop.
///
/// The loop claims a channel for its first subscriber and releases it after its last. A
/// subscription is *outside* until the claim is confirmed: it holds the claim, but gets nothing, as
/// nobody is obliged to send anything here yet. Then it goes *in*, to the others of the [Audience].
///
/// @param <S> what a subscriber is
public final class Subscriptions<S> {
  private final Map<String, Audience<S>> audiences = new HashMap<>();
  private long numbers;
  private final Map<String, Outside<S>> outside = new HashMap<>();
  private final List<Audience<S>> streams = new ArrayList<>();
  private final Claims claims;
  private final Attendants<S> attendants;
  private int size;

  /// Hears who is on which channel; called in the turn in which that changes.
  ///
  /// @param <S> what a subscriber is
  public interface Attendants<S> {
    /// A subscription went in.
    void onEntered(Subscription<S> subscription);

    /// What others see of a subscription that is in has changed.
    void onRenewed(Subscription<S> subscription);

    /// A subscription that was in has ended.
    void onLeft(Subscription<S> subscription);
  }

  /// The subscriptions of one channel that hold its claim and are not in.
  private static final class Outside<S> {
    private final Audience<S> audience;
    private int size;

    private Outside(Audience<S> audience) {
      this.audience = audience;
    }
  }

  /// @param door where channels are claimed
  /// @param attendants told of channels where it matters
  public Subscriptions(ClaimDoor door, Attendants<S> attendants) {
    this.claims = new Claims(door);
    this.attendants = attendants;
  }

  /// The channel's subscribers on this loop, or null when there are none.
  public Audience<S> find(String channel) {
    return audiences.get(channel);
  }

  /// The channel's subscribers on this loop, in or outside, or null when there are none.
  public Audience<S> findAny(String channel) {
    Audience<S> audience = audiences.get(channel);
    if (audience != null) {
      return audience;
    }
    Outside<S> waiting = outside.get(channel);
    return waiting == null ? null : waiting.audience;
  }

  /// The audiences of streams. One that goes away leaves its place to the last, so who walks
  /// backwards misses none.
  public List<Audience<S>> streams() {
    return streams;
  }

  /// Every channel with a subscriber on this loop.
  public Collection<Audience<S>> audiences() {
    return audiences.values();
  }

  /// Channels with a subscriber on this loop.
  public int channels() {
    return audiences.size();
  }

  /// Subscriptions on this loop that are in.
  public int size() {
    return size;
  }

  /// Makes a subscription; the caller has made sure that there is none yet, and lets it in, holds
  /// it or removes it in this turn of the loop.
  ///
  /// @param info JSON bytes shown to others on the channel, or null
  /// @param expireAt second of the Unix epoch at which it ends unless refreshed, 0 for never
  public Subscription<S> add(
      String channel, Namespace policy, S subscriber, byte[] info, long expireAt) {
    Audience<S> audience = audiences.get(channel);
    if (audience != null) {
      return new Subscription<>(audience, subscriber, info, expireAt);
    }
    Outside<S> waiting = outside.get(channel);
    boolean first = waiting == null;
    audience = first ? new Audience<>(channel, policy, ++numbers) : waiting.audience;
    var subscription = new Subscription<>(audience, subscriber, info, expireAt);
    hold(subscription);
    if (first) {
      claims.claim(channel);
    }
    return subscription;
  }

  /// Whether the subscription must wait until its channel's claim is confirmed.
  public boolean isPending(Subscription<S> subscription) {
    return subscription.index == Subscription.HELD && claims.isPending(subscription.channel());
  }

  /// Lets a subscription in as soon as its channel's claim is confirmed: now, unless it is pending.
  ///
  /// @param entered runs in the turn in which it went in, so nothing is delivered before
  /// @param ended runs instead when it is removed before
  public void enter(Subscription<S> subscription, Runnable entered, Runnable ended) {
    if (isPending(subscription)) {
      Runnable confirmed =
          () -> {
            enter(subscription);
            entered.run();
          };
      claims.await(subscription.channel(), subscription, confirmed, ended);
    } else {
      enter(subscription);
      entered.run();
    }
  }

  /// Lets a subscription in whose channel's claim is confirmed.
  public void enter(Subscription<S> subscription) {
    leaveOutside(subscription);
    var audience = subscription.audience();
    audience.add(subscription);
    size++;
    if (audience.size() == 1) {
      audiences.put(audience.channel(), audience);
      if (audience.feed() != null) {
        audience.feed().place = streams.size();
        streams.add(audience);
      }
    }
    if (audience.policy().watched()) {
      attendants.onEntered(subscription);
    }
  }

  /// What others see of a subscriber has changed.
  public void renew(Subscription<S> subscription) {
    if (subscription.index >= 0 && subscription.audience().policy().watched()) {
      attendants.onRenewed(subscription);
    }
  }

  /// Keeps a subscription outside: its channel stays claimed whoever else leaves.
  public void hold(Subscription<S> subscription) {
    if (subscription.index == Subscription.NOWHERE) {
      outside.computeIfAbsent(subscription.channel(), _ -> new Outside<>(subscription.audience()))
          .size++;
      subscription.index = Subscription.HELD;
    }
  }

  /// Runs `confirmed` when the channel's claim is, unless the subscription ends before.
  public void await(Subscription<S> subscription, Runnable confirmed) {
    await(subscription, confirmed, () -> {});
  }

  /// Runs `confirmed` when the channel's claim is, or `ended` when the subscription ends before.
  public void await(Subscription<S> subscription, Runnable confirmed, Runnable ended) {
    claims.await(subscription.channel(), subscription, confirmed, ended);
  }

  /// Lets a pending subscription in now; the caller removes it in the same turn.
  public void hurry(Subscription<S> subscription) {
    claims.hurry(subscription.channel(), subscription);
  }

  /// Ends a subscription, in or outside; the claim goes with the last of its channel.
  public void remove(Subscription<S> subscription) {
    var audience = subscription.audience();
    if (subscription.index >= 0) {
      audience.remove(subscription);
      subscription.index = Subscription.NOWHERE;
      size--;
      if (audience.policy().watched()) {
        attendants.onLeft(subscription);
      }
      if (audience.size() == 0) {
        audiences.remove(audience.channel());
        forgetStream(audience);
      }
    } else if (subscription.index == Subscription.HELD) {
      leaveOutside(subscription);
      claims.forget(subscription.channel(), subscription);
    } else {
      return;
    }
    if (audience.size() == 0 && !outside.containsKey(audience.channel())) {
      claims.release(audience.channel());
    }
  }

  private void forgetStream(Audience<S> audience) {
    if (audience.feed() != null) {
      var last = streams.removeLast();
      if (last != audience) {
        streams.set(audience.feed().place, last);
        last.feed().place = audience.feed().place;
      }
    }
  }

  private void leaveOutside(Subscription<S> subscription) {
    if (subscription.index == Subscription.HELD) {
      subscription.index = Subscription.NOWHERE;
      if (--outside.get(subscription.channel()).size == 0) {
        outside.remove(subscription.channel());
      }
    }
  }
}
