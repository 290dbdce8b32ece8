package dev.switchboard.faults;

import dev.switchboard.lifecycle.EventJson;
import dev.switchboard.lifecycle.Witness;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A back end that follows all events of a cluster by their cursor, on one node after the other.
/// Confined to the harness's thread.
final class EventFollower {
  private static final int LIMIT = 500;

  private final List<NodeApi> nodes;
  private final Witness witness = new Witness();
  private final Map<Integer, String> epochs = new HashMap<>();
  private final Map<Integer, Long> tops = new HashMap<>();
  private final Map<String, Long> kinds = new HashMap<>();
  private String cursor = "";
  private int next;
  private long events;
  private long missed;
  private long anew;
  private Optional<String> contradiction = Optional.empty();

  EventFollower(List<NodeApi> nodes) {
    this.nodes = nodes;
  }

  /// Reads what there is.
  void read() {
    boolean more = true;
    while (more) {
      NodeApi node = nodes.get(next++ % nodes.size());
      more =
          node.call("events", new JsonObject().put("cursor", cursor).put("limit", LIMIT))
              .map(this::take)
              .orElse(false);
    }
  }

  private boolean take(JsonObject page) {
    var list = page.getJsonArray("events");
    list.forEach(event -> see((JsonObject) event));
    cursor = page.getString("cursor");
    missed += page.getLong("missed");
    return !list.isEmpty();
  }

  private void see(JsonObject event) {
    int stream = event.getInteger("stream");
    String epoch = event.getString("epoch");
    String before = epochs.put(stream, epoch);
    if (before != null && !before.equals(epoch)) {
      anew++;
      tops.remove(stream);
    }
    long offset = event.getLong("offset");
    Long top = tops.put(stream, offset);
    events++;
    kinds.merge(event.getString("event"), 1L, Long::sum);
    if (offset != (top == null ? 1 : top + 1)) {
      contradict("stream %d goes from %s to %d".formatted(stream, top, offset));
    }
    try {
      witness.see(EventJson.read(event.toBuffer().getBytes()));
    } catch (AssertionError | NullPointerException senseless) {
      contradict(event.encode() + ": " + senseless.getMessage());
    }
  }

  private void contradict(String text) {
    contradiction = contradiction.or(() -> Optional.of(text));
  }

  /// What the events say.
  Witness witness() {
    return witness;
  }

  /// The last offset of each stream that was seen.
  Map<Integer, Long> tops() {
    return tops;
  }

  /// The first thing in them that cannot be.
  Optional<String> contradiction() {
    return contradiction;
  }

  /// How many of each kind there were.
  Map<String, Long> kinds() {
    return kinds;
  }

  long events() {
    return events;
  }

  /// Events that were forgotten before they were read.
  long missed() {
    return missed;
  }

  /// Streams that began anew.
  long anew() {
    return anew;
  }

  /// Something else of this cluster, from whichever node answers.
  <T> Optional<T> ask(Function<NodeApi, Optional<T>> question) {
    return nodes.stream().map(question).flatMap(Optional::stream).findFirst();
  }
}
