package dev.switchboard.protocol;

import java.util.Map;

/// One message published to a channel; the payload stays bytes from end to end.
///
/// @param data the payload, or what makes it out of that of the publication before
/// @param info the publishing client, or null when a service published
/// @param offset position in the channel's stream, 0 when it is not stored
/// @param tags labels given by the publisher; empty when none
/// @param time when the gateway accepted it, in milliseconds of the Unix epoch, 0 for unset
/// @param delta whether `data` is a patch
/// @param channel where it was published, when it comes by a wildcard; else empty
public record Publication(
    byte[] data,
    ClientInfo info,
    long offset,
    Map<String, String> tags,
    long time,
    boolean delta,
    String channel) {

  /// One with its whole payload.
  public Publication(
      byte[] data, ClientInfo info, long offset, Map<String, String> tags, long time) {
    this(data, info, offset, tags, time, false, "");
  }

  /// A publication that is kept in no stream.
  public static Publication of(byte[] data, ClientInfo info) {
    return new Publication(data, info, 0, Map.of(), 0);
  }

  /// The same publication at a place in a stream.
  public Publication withOffset(long place) {
    return new Publication(data, info, place, tags, time, delta, channel);
  }

  /// The same publication with its data written in another way.
  public Publication withData(byte[] written) {
    return new Publication(written, info, offset, tags, time, delta, channel);
  }

  /// The same publication as a patch against the one before it.
  public Publication withPatch(byte[] patch) {
    return new Publication(patch, info, offset, tags, time, true, channel);
  }

  /// The same publication for who hears of it by a wildcard: it says its channel, and has no place
  /// in a stream, as it comes beside others.
  public Publication heardOf(String published) {
    return new Publication(data, info, 0, tags, time, delta, published);
  }
}
