package dev.switchboard.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.switchboard.events.EventCursor;
import dev.switchboard.events.Registrar;
import dev.switchboard.lifecycle.EventText;
import dev.switchboard.lifecycle.UserStatus;
import dev.switchboard.protocol.ErrorCode;
import dev.switchboard.protocol.MalformedException;
import dev.switchboard.store.Streams;
import dev.switchboard.stream.Slice;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What happened to sessions and channels, and who is there. Safe on any thread.
final class EventMethods {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int LIMIT_USUAL = 100;
  private static final int LIMIT_MAX = 1_000;
  private static final int USERS_MAX = 1_000;

  private final Optional<Registrar> registrar;
  private final Streams streams;

  EventMethods(Optional<Registrar> registrar, Streams streams) {
    this.registrar = registrar;
    this.streams = streams;
  }

  /// Whether users are there, how many connections each has, and when it was last seen.
  Future<ObjectNode> users(ApiRequest request) {
    List<String> users = request.texts("users");
    if (users.isEmpty() || users.size() > USERS_MAX || users.contains("")) {
      throw new ApiException(
          ErrorCode.BAD_REQUEST, "`users` must be 1 to %d ids of users".formatted(USERS_MAX));
    }
    return events().statuses(users).map(statuses -> toJson(users, statuses));
  }

  private static ObjectNode toJson(List<String> users, List<UserStatus> statuses) {
    ObjectNode result = JSON.objectNode();
    ArrayNode list = result.putArray("users");
    for (int index = 0; index < users.size(); index++) {
      UserStatus status = statuses.get(index);
      ObjectNode user =
          list.addObject()
              .put("user", users.get(index))
              .put("online", status.connections() > 0)
              .put("connections", status.connections());
      if (status.lastSeen() > 0) {
        user.put("last_seen", status.lastSeen());
      }
    }
    return result;
  }

  /// The events behind a cursor: up to `limit` of each stream.
  Future<ObjectNode> events(ApiRequest request) {
    events();
    EventCursor cursor = cursor(request.text("cursor"));
    int limit = limit(request);
    List<Future<Slice>> slices =
        IntStream.range(0, cursor.streams())
            .mapToObj(stream -> cursor.read(streams, stream, limit))
            .toList();
    return Future.all(slices).map(_ -> toJson(cursor, slices));
  }

  private static ObjectNode toJson(EventCursor cursor, List<Future<Slice>> slices) {
    ObjectNode result = JSON.objectNode();
    ArrayNode list = result.putArray("events");
    EventCursor next = cursor;
    long missed = 0;
    for (int stream = 0; stream < slices.size(); stream++) {
      Slice slice = slices.get(stream).result();
      for (var event : slice.publications()) {
        String place =
            "\"stream\":%d,\"epoch\":\"%s\",\"offset\":%d"
                .formatted(stream, slice.top().epoch(), event.offset());
        list.addRawValue(new RawValue(EventText.among(place, event.data())));
      }
      missed += cursor.missed(stream, slice);
      next = next.behind(stream, slice);
    }
    return result.put("cursor", next.toString()).put("missed", missed);
  }

  private static EventCursor cursor(String text) {
    try {
      return EventCursor.parse(text);
    } catch (MalformedException unreadable) {
      throw new ApiException(ErrorCode.BAD_REQUEST, "`cursor` is the `cursor` of another answer");
    }
  }

  private static int limit(ApiRequest request) {
    long limit = request.has("limit") ? request.number("limit") : LIMIT_USUAL;
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new ApiException(ErrorCode.BAD_REQUEST, "`limit` must be 1 to %d".formatted(LIMIT_MAX));
    }
    return (int) limit;
  }

  private Registrar events() {
    return registrar.orElseThrow(() -> new ApiException(ErrorCode.NOT_AVAILABLE));
  }
}
