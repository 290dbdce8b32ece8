package dev.switchboard.routing;

import dev.switchboard.protocol.Publication;

/// A publication of a channel with history on its way to the sessions of many loops: the hint that
/// the stream grew. Immutable.
///
/// @param epoch of the stream
/// @param publication with its offset; with 0 it was not kept, and nobody waits for it
/// @param acceptedAt when this node took it, from `System.nanoTime()`; for measuring only
public record StreamEnvelope(
    String channel, String epoch, Publication publication, long acceptedAt) {}
