package dev.switchboard.events;

import dev.switchboard.lifecycle.EventStream;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.store.Streams;
import dev.switchboard.stream.Position;
import dev.switchboard.stream.Query;
import dev.switchboard.stream.Slice;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// How far somebody has read all streams of events: a value, which readers keep as text.
///
/// @param positions one for each stream; an empty epoch for one that was never read
public record EventCursor(List<Position> positions) {
  /// Read nothing.
  private static final EventCursor START =
      new EventCursor(Collections.nCopies(EventStream.COUNT, new Position("", 0)));

  private static final String BETWEEN = ",";
  private static final Pattern POSITION = Pattern.compile("([-_a-zA-Z0-9]{0,32})@([0-9]{1,18})");

  /// Copies the positions.
  public EventCursor {
    positions = List.copyOf(positions);
  }

  /// Reads the text; an empty one is at the start.
  public static EventCursor parse(String text) throws MalformedException {
    if (text.isEmpty()) {
      return START;
    }
    String[] parts = text.split(BETWEEN, -1);
    if (parts.length != EventStream.COUNT) {
      throw new MalformedException("a cursor of another kind");
    }
    List<Position> positions = new ArrayList<>();
    for (String part : parts) {
      var matcher = POSITION.matcher(part);
      if (!matcher.matches()) {
        throw new MalformedException("no cursor");
      }
      positions.add(new Position(matcher.group(1), Long.parseLong(matcher.group(2))));
    }
    return new EventCursor(positions);
  }

  /// How many streams there are.
  public int streams() {
    return positions.size();
  }

  /// What comes next in a stream; all of it again when it has begun anew.
  public Future<Slice> read(Streams streams, int stream, int limit) {
    String channel = EventStream.channel(stream);
    Position from = positions.get(stream);
    return streams
        .read(channel, since(limit, from.offset()))
        .compose(
            slice ->
                isOf(slice, from) || from.offset() == 0
                    ? Future.succeededFuture(slice)
                    : streams.read(channel, since(limit, 0)));
  }

  private static Query since(int limit, long offset) {
    return new Query(limit, OptionalLong.of(offset), false);
  }

  private static boolean isOf(Slice slice, Position position) {
    return slice.top().epoch().equals(position.epoch());
  }

  /// How many events of a stream were forgotten between this and what was read; 0 where nothing was
  /// read before, and for a stream that has begun anew, as nobody knows.
  public long missed(int stream, Slice read) {
    Position from = positions.get(stream);
    return isOf(read, from) ? Math.max(0, next(read) - 1 - from.offset()) : 0;
  }

  private static long next(Slice read) {
    return read.publications().isEmpty()
        ? read.top().offset() + 1
        : read.publications().getFirst().offset();
  }

  /// This, behind what was read.
  public EventCursor behind(int stream, Slice read) {
    var next = new ArrayList<>(positions);
    long offset =
        read.publications().isEmpty()
            ? read.top().offset()
            : read.publications().getLast().offset();
    next.set(stream, new Position(read.top().epoch(), offset));
    return new EventCursor(next);
  }

  /// The text.
  @Override
  public String toString() {
    return positions.stream()
        .map(position -> position.epoch() + "@" + position.offset())
        .collect(Collectors.joining(BETWEEN));
  }
}
