package dev.switchboard.session;

import dev.switchboard.protocol.ClientCodec;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.protocol.Push;
import dev.switchboard.protocol.UnencodableException;
import dev.switchboard.wire.Frame;

/// A push on its way to many sessions, encoded at most once per loop and usually once per encoding.
///
/// Passed between event loops. The frames are immutable and computing one twice gives the same
/// bytes, so two loops that race need no lock.
public final class Envelope {
  private static final Encoding[] ENCODINGS = Encoding.values();

  private final Push push;
  private final long acceptedAt;
  private final Frame[] frames = new Frame[ENCODINGS.length];

  /// @param acceptedAt when the gateway took the message, from `System.nanoTime()`
  public Envelope(Push push, long acceptedAt) {
    this.push = push;
    this.acceptedAt = acceptedAt;
  }

  /// The channel it is for; empty when it is for sessions.
  public String channel() {
    return push.channel();
  }

  /// When the gateway took the message, from `System.nanoTime()`.
  public long acceptedAt() {
    return acceptedAt;
  }

  /// The frame for sockets of this encoding.
  ///
  /// @throws UnencodableException when the payload cannot be carried; the socket gets 3506
  public Frame frame(Encoding encoding) throws UnencodableException {
    Frame frame = frames[encoding.ordinal()];
    if (frame == null) {
      frame = Frame.of(encoding, ClientCodec.of(encoding).encode(push));
      frames[encoding.ordinal()] = frame;
    }
    return frame;
  }
}
