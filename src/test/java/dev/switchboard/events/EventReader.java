package dev.switchboard.events;

import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// A back end that reads the events of a cluster by their cursor. Confined to one test.
final class EventReader {
  private final Supplier<TestNode> node;
  private final List<JsonObject> events = new ArrayList<>();
  private String cursor = "";
  private long missed;

  /// @param node to ask next
  EventReader(Supplier<TestNode> node) {
    this.node = node;
  }

  /// All events so far; those of one subject in their order.
  List<JsonObject> events() {
    JsonArray page;
    do {
      String request = new JsonObject().put("cursor", cursor).put("limit", 50).encode();
      JsonObject answer = new JsonObject(node.get().api("events", request));
      if (!answer.containsKey("result")) {
        // Streams change hands: what comes next comes later.
        return events;
      }
      JsonObject result = answer.getJsonObject("result");
      page = result.getJsonArray("events");
      page.forEach(event -> events.add((JsonObject) event));
      cursor = result.getString("cursor");
      missed += result.getLong("missed");
    } while (!page.isEmpty());
    return events;
  }

  /// Events that were forgotten before they were read.
  long missed() {
    return missed;
  }

  /// What happened to a client, or to a channel as such, in a few words each.
  List<String> of(String subject) {
    return events().stream()
        .filter(
            event ->
                event.containsKey("client")
                    ? subject.equals(event.getString("client"))
                    : subject.equals(event.getString("channel")))
        .map(EventReader::text)
        .toList();
  }

  private static String text(JsonObject event) {
    String what = event.getString("event");
    if (!event.containsKey("client")) {
      return what;
    }
    return event.containsKey("channel")
        ? what + " " + event.getString("channel")
        : what + (event.containsKey("code") ? " " + event.getInteger("code") : "");
  }
}
