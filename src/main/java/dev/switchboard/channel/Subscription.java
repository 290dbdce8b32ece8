package dev.switchboard.channel;

import java.util.Map;

/// One subscriber's place in one channel. Confined to the subscriber's event loop.
///
/// @param <S> what a subscriber is
public final class Subscription<S> {
  /// Index of a subscription that is in no audience and holds no claim.
  static final int NOWHERE = -1;

  /// Index of a subscription that is outside; see [Subscriptions].
  static final int HELD = -2;

  // Flags in the lowest bits of the place, so that a subscription costs eight bytes for it all.
  private static final long SERVER_SIDE = 1;
  private static final long POSITIONED = 2;
  private static final long HEARS_OF_OTHERS = 4;
  private static final long DELTAS = 8;
  private static final long SERVED = 16;
  private static final long ECHO_OFF = 32;
  private static final long NUMBERED = 64;
  private static final long GRANTED = 128;
  private static final long HIDDEN = 256;
  private static final long SILENT = 512;
  private static final long KEPT_FLAGS =
      SERVER_SIDE | HEARS_OF_OTHERS | DELTAS | ECHO_OFF | NUMBERED | GRANTED | HIDDEN | SILENT;
  private static final int OFFSET_SHIFT = 10;

  private final Audience<S> audience;
  private final S subscriber;
  private byte[] info;
  private TagFilter filter;
  private long place;
  private int expireAt;
  int index = NOWHERE;

  /// Whether it is among those who get what is published.
  public boolean isIn() {
    return index >= 0;
  }

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

  /// Others are shown something else from now on.
  public void info(byte[] shown) {
    info = shown;
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

  /// What a publication of a stream is to a subscription.
  public enum Next {
    /// The subscriber gets it, and is behind it then.
    DUE,
    /// The subscriber has it.
    COVERED,
    /// One before it is missing, and the subscriber must be told.
    BEYOND
  }

  /// The server subscribed the client by itself, so the client knows no subscription.
  public void byServer() {
    place |= SERVER_SIDE;
  }

  /// Whether the server subscribed the client by itself.
  public boolean isByServer() {
    return (place & SERVER_SIDE) != 0;
  }

  /// The subscription came with what let the client connect.
  public void granted() {
    place |= GRANTED;
  }

  /// Whether the subscription came with what let the client connect.
  public boolean isGranted() {
    return (place & GRANTED) != 0;
  }

  /// Others are not shown that the subscriber is there, nor that it comes and goes.
  public void hide() {
    place |= HIDDEN;
  }

  /// Whether others are not shown that the subscriber is there.
  public boolean isHidden() {
    return (place & HIDDEN) != 0;
  }

  /// Others do not hear that the subscriber comes and goes.
  public void silence() {
    place |= SILENT;
  }

  /// Whether others do not hear that the subscriber comes and goes.
  public boolean isSilent() {
    return (place & SILENT) != 0;
  }

  /// The subscriber is told who else comes and goes.
  ///
  /// @param wanted whether it asked for that, and may know, or is told without asking
  public void hearOfOthers(boolean wanted) {
    if (audience.policy().joinLeave() && wanted) {
      place |= HEARS_OF_OTHERS;
    }
  }

  /// Whether the subscriber is told who else comes and goes.
  public boolean hearsOfOthers() {
    return (place & HEARS_OF_OTHERS) != 0;
  }

  /// The subscriber is told the channel's number in place of its name.
  public void nameByNumber() {
    place |= NUMBERED;
  }

  /// The number by which pushes name the channel to the subscriber; 0 when they name it itself.
  public long number() {
    return (place & NUMBERED) != 0 ? audience.number() : 0;
  }

  /// The subscriber does not want what it publishes itself.
  public void turnEchoOff() {
    place |= ECHO_OFF;
  }

  /// Whether the subscriber does not want what it publishes itself.
  public boolean isEchoOff() {
    return (place & ECHO_OFF) != 0;
  }

  /// The subscriber wants only what matches.
  public void filter(TagFilter wanted) {
    filter = wanted;
  }

  /// Whether the subscriber wants a publication with these tags.
  public boolean wants(Map<String, String> tags) {
    return filter == null || filter.matches(tags);
  }

  /// The subscriber wants patches where it has what they are made for.
  public void wantDeltas() {
    place |= DELTAS;
  }

  /// Whether the subscriber wants patches.
  public boolean wantsDeltas() {
    return (place & DELTAS) != 0;
  }

  /// Says whether the subscriber has the publication at its place in the stream, and no later one.
  public void served(boolean has) {
    place = has ? place | SERVED : place & ~SERVED;
  }

  /// Whether the subscriber has the publication right before this offset, and no later one.
  public boolean hasBefore(long offset) {
    return (place & SERVED) != 0 && offset == offset() + 1;
  }

  /// Whether the subscriber must be told of everything that it does not get.
  public boolean isPositioned() {
    return (place & POSITIONED) != 0;
  }

  /// The offset of a stream up to which this subscriber is served; 0 where there is no stream.
  public long offset() {
    return place >>> OFFSET_SHIFT;
  }

  /// Takes its place in a stream, without having the publication there.
  public void place(long offset, boolean positioned) {
    place = offset << OFFSET_SHIFT | (positioned ? POSITIONED : 0) | place & KEPT_FLAGS;
  }

  /// What to do with the publication of a stream with this offset.
  public Next next(long offset) {
    if (offset <= offset()) {
      return Next.COVERED;
    }
    if (isPositioned() && offset != offset() + 1) {
      return Next.BEYOND;
    }
    place(offset, isPositioned());
    served(true);
    return Next.DUE;
  }
}
