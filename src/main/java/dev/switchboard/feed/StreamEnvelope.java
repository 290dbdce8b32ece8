package dev.switchboard.feed;

import dev.switchboard.delta.Deltas;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.protocol.Json;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.Push;
import dev.switchboard.session.Envelope;

/// A publication of a stream on its way to the channel's subscribers, encoded like an [Envelope]:
/// whole, and as a patch for those who want that.
///
/// Passed between event loops, and only a hint: the log has it, whoever misses this. What is made
/// twice, by two loops at a time, is the same.
public final class StreamEnvelope {
  private final Kept kept;
  private final Envelope envelope;
  private Envelope whole;
  private Envelope patch;
  private Boolean json;

  /// What a stream keeps.
  ///
  /// @param epoch of the channel's stream
  /// @param publication with its offset; with 0 it was not kept, and nobody waits for it
  /// @param deltas whether it may go as a patch to who wants that
  public record Kept(String epoch, Publication publication, boolean deltas) {}

  /// @param acceptedAt when this node took it, from `System.nanoTime()`; for measuring only
  public StreamEnvelope(String channel, Kept kept, long acceptedAt) {
    this.kept = kept;
    this.envelope = new Envelope(new Push.Publish(channel, kept.publication()), acceptedAt);
  }

  /// The channel it is for.
  public String channel() {
    return envelope.channel();
  }

  /// Epoch of the channel's stream.
  public String epoch() {
    return kept.epoch();
  }

  /// The publication with its offset.
  public Publication publication() {
    return kept.publication();
  }

  /// Whether it may go as a patch to who wants that.
  public boolean deltas() {
    return kept.deltas();
  }

  /// When the gateway took it, from `System.nanoTime()`.
  public long acceptedAt() {
    return envelope.acceptedAt();
  }

  /// The push in it.
  Envelope envelope() {
    return envelope;
  }

  /// The push for a subscriber with deltas.
  ///
  /// @param base the publication right before this one, if the subscriber has it; else null
  Envelope envelope(Encoding encoding, Publication base) {
    if (whole == null) {
      whole = Envelope.forDeltas(publish(publication()), acceptedAt());
    }
    if (base == null || !deltas() || encoding == Encoding.JSON && !isJson()) {
      return whole;
    }
    if (patch == null) {
      var patched = Deltas.patched(base, publication());
      patch = patched.delta() ? Envelope.forDeltas(publish(patched), acceptedAt()) : whole;
    }
    return patch;
  }

  private Push publish(Publication publication) {
    return new Push.Publish(channel(), publication);
  }

  private boolean isJson() {
    if (json == null) {
      json = Json.isValue(publication().data());
    }
    return json;
  }
}
