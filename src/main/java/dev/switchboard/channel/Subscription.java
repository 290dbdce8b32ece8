package dev.switchboard.channel;

/// One subscriber's place in one channel. Confined to the subscriber's event loop.
///
/// @param <S> what a subscriber is
public final class Subscription<S> {
  /// Index of a subscription that is in no audience and holds no claim.
  static final int NOWHERE = -1;

  /// Index of a subscription that is outside; see [Subscriptions].
  static final int HELD = -2;

  private final Audience<S> audience;
  private final S subscriber;
  private final byte[] info;
  private int expireAt;
  int index = NOWHERE;

  Subscription(Audience<S> audience, S subscriber, byte[] info, long expireAt) {
    this.audience = audience;
    this.subscriber = subscriber;
    this.info = info;
    expireAt(expireAt);
  }

  /// Everybody on the channel.
  public Audience<S> audience() {
    return audience;
  }

  /// The channel's full name.
  public String channel() {
    return audience.channel();
  }

  /// Whose subscription this is.
  public S subscriber() {
    return subscriber;
  }

  /// JSON bytes shown to others on this channel, or null.
  public byte[] info() {
    return info;
  }

  /// Second of the Unix epoch at which it ends unless refreshed, 0 for never.
  public long expireAt() {
    return Integer.toUnsignedLong(expireAt);
  }

  /// The subscription was refreshed.
  ///
  /// @param second of the Unix epoch, 0 for never
  public void expireAt(long second) {
    // Kept in 32 bits: what ends after 2106 ends then.
    expireAt = (int) Math.min(second, 0xffff_ffffL);
  }
}
