package dev.switchboard.events;

import dev.switchboard.routing.Addresses;
import dev.switchboard.stream.Position;
import io.vertx.core.Context;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/// Tells services on the event bus that there are new events. Confined to one event loop.
///
/// A hint may get lost or come twice; who wants all events reads them, from where it was.
final class Hints {
  // Many events make one hint.
  private static final long PAUSE_MILLIS = 20;

  private final Context context;
  private final Map<Integer, Position> due = new HashMap<>();

  /// @param context that it is called on
  Hints(Context context) {
    this.context = context;
  }

  /// There are new events, of this node.
  void onGrown(int stream, Position top) {
    if (due.isEmpty()) {
      context.owner().setTimer(PAUSE_MILLIS, _ -> tell());
    }
    due.put(stream, top);
  }

  private void tell() {
    due.forEach(
        (stream, top) ->
            context
                .owner()
                .eventBus()
                .publish(
                    Addresses.NEW_EVENTS,
                    new JsonObject()
                        .put("stream", stream)
                        .put("epoch", top.epoch())
                        .put("offset", top.offset())));
    due.clear();
  }
}
