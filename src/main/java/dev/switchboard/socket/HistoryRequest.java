package dev.switchboard.socket;

import dev.switchboard.channel.Recovery;
import dev.switchboard.protocol.Command;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.Publication;
import dev.switchboard.protocol.Reply;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Slice;
import java.util.List;
import java.util.OptionalLong;

/// A history command and what it asks of the log.
///
/// @param bytesMax of publications in the reply, at least one of which goes out
record HistoryRequest(Command.History command, long bytesMax) {
  private static final int LIMIT = 300;

  /// Whether it makes sense: nothing comes before the beginning.
  boolean isLawful() {
    return !(command.reverse() && command.since() && command.offset() == 0);
  }

  /// The part of the log to read.
  Query query() {
    int limit = command.limit() < 0 ? LIMIT : Math.min(command.limit(), LIMIT);
    var since =
        command.since() ? OptionalLong.of(Recovery.after(command.offset())) : OptionalLong.empty();
    return new Query(limit, since, command.reverse());
  }

  /// The answer; who wants the rest of a page that was too large asks for it.
  Reply reply(Slice slice) {
    boolean elsewhere =
        command.since()
            && !command.epoch().isEmpty()
            && !command.epoch().equals(slice.top().epoch());
    if (elsewhere) {
      return Reply.Error.of(command.id(), ErrorCode.UNRECOVERABLE_POSITION);
    }
    return new Reply.History(
        command.id(), fitting(slice), slice.top().epoch(), slice.top().offset());
  }

  private List<Publication> fitting(Slice slice) {
    long bytes = 0;
    int count = 0;
    for (Publication publication : slice.publications()) {
      bytes += Recovery.bytes(publication);
      if (count > 0 && bytes > bytesMax) {
        break;
      }
      count++;
    }
    return slice.publications().subList(0, count);
  }
}
