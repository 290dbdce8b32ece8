package dev.switchboard.feed;

import dev.switchboard.channel.Recovery;
import dev.switchboard.channel.Recovery.Verdict;
import dev.switchboard.protocol.Publication;
import dev.switchboard.stream.Position;
import java.util.List;

/// What a client is told of its new subscription's place in a stream.
///
/// @param positioned whether epoch and offset mean something
/// @param epoch of the stream, empty unless positioned
/// @param offset from which the client counts
/// @param recovering whether it wanted to come back to a position
/// @param publications that it missed, oldest first
public record Landing(
    boolean positioned,
    boolean recoverable,
    String epoch,
    long offset,
    boolean recovering,
    boolean recovered,
    List<Publication> publications) {
  /// A place in no stream.
  public static final Landing PLAIN = new Landing(false, false, "", 0, false, false, List.of());

  /// The same place, with what was missed written in another way.
  public Landing with(List<Publication> written) {
    return new Landing(positioned, recoverable, epoch, offset, recovering, recovered, written);
  }

  static Landing of(Recovery recovery, Position top, Verdict.Joins joins) {
    boolean told = recovery.positioned();
    return new Landing(
        told,
        recovery.recoverable(),
        told ? top.epoch() : "",
        told ? joins.offset() : 0,
        recovery.recovering(),
        joins.recovered(),
        joins.publications());
  }
}
