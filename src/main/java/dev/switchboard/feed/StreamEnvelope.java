package dev.switchboard.feed;

import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.Push;
import dev.switchboard.session.Envelope;

/// A publication of a stream on its way to the channel's subscribers, encoded like an [Envelope].
///
/// Passed between event loops, and only a hint: the log has it, whoever misses this.
public final class StreamEnvelope {
  private final String epoch;
  private final Publication publication;
  private final Envelope envelope;

  /// @param epoch of the channel's stream
  /// @param publication with its offset; with 0 it was not kept, and nobody waits for it
  /// @param acceptedAt when this node took it, from `System.nanoTime()`; for measuring only
  public StreamEnvelope(String channel, String epoch, Publication publication, long acceptedAt) {
    this.epoch = epoch;
    this.publication = publication;
    this.envelope = new Envelope(new Push.Publish(channel, publication), acceptedAt);
  }

  /// The channel it is for.
  public String channel() {
    return envelope.channel();
  }

  /// Epoch of the channel's stream.
  public String epoch() {
    return epoch;
  }

  /// The publication with its offset.
  public Publication publication() {
    return publication;
  }

  /// When the gateway took it, from `System.nanoTime()`.
  public long acceptedAt() {
    return envelope.acceptedAt();
  }

  /// The push in it.
  Envelope envelope() {
    return envelope;
  }
}
