package dev.switchboard.session;

import dev.switchboard.delta.Deltas;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.Push;
import dev.switchboard.protocol.UnencodableException;
import dev.switchboard.wire.Frame;
import dev.switchboard.wire.Framing;

/// A push on its way to many sessions, encoded at most once per loop and usually once per framing.
///
/// Passed between event loops. The frames are immutable and computing one twice gives the same
/// bytes, so two loops that race need no lock.
public final class Envelope {
  private static final int FRAMINGS = Framing.values().length;

  private final Push push;
  private final long acceptedAt;
  private final boolean forDeltas;
  private final long number;
  private final Frame[] frames = new Frame[FRAMINGS];

  /// @param acceptedAt when the gateway took the message, from `System.nanoTime()`
  public Envelope(Push push, long acceptedAt) {
    this(push, acceptedAt, false, 0);
  }

  private Envelope(Push push, long acceptedAt, boolean forDeltas, long number) {
    this.push = push;
    this.acceptedAt = acceptedAt;
    this.forDeltas = forDeltas;
    this.number = number;
  }

  /// A publication, whole or a patch, for subscribers with deltas.
  public static Envelope forDeltas(Push publication, long acceptedAt) {
    return new Envelope(publication, acceptedAt, true, 0);
  }

  /// The same, with a number in place of the channel's name.
  public Envelope numbered(long channelNumber) {
    return new Envelope(push, acceptedAt, forDeltas, channelNumber);
  }

  /// The channel it is for; empty when it is for sessions.
  public String channel() {
    return push.channel();
  }

  /// The publication in it; null when it is something else.
  public Publication publication() {
    return push instanceof Push.Publish(_, var publication) ? publication : null;
  }

  /// When the gateway took the message, from `System.nanoTime()`.
  public long acceptedAt() {
    return acceptedAt;
  }

  /// The frame for sockets of this framing.
  ///
  /// @throws UnencodableException when the payload cannot be carried; the socket gets 3506
  public Frame frame(Framing framing) throws UnencodableException {
    Frame frame = frames[framing.ordinal()];
    if (frame == null) {
      frame = Frame.of(framing, framing.codec().encode(shaped(framing.encoding()), number));
      frames[framing.ordinal()] = frame;
    }
    return frame;
  }

  private Push shaped(Encoding encoding) throws UnencodableException {
    return forDeltas && push instanceof Push.Publish(var channel, var publication)
        ? new Push.Publish(channel, Deltas.shaped(publication, encoding))
        : push;
  }
}
