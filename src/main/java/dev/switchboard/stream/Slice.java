package dev.switchboard.stream;

import dev.switchboard.protocol.Publication;
import java.util.List;

/// A part of a stream.
///
/// @param top where the stream ends now, whatever part this is
/// @param publications in the order asked for, each with its offset
public record Slice(Position top, List<Publication> publications) {}
