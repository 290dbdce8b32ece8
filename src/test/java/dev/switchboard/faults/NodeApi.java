package dev.switchboard.faults;

import dev.switchboard.faults.referee.Fact;
import dev.switchboard.faults.referee.Fact.LogRead.Kept;
import dev.switchboard.stream.Position;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The internal port of one node. Safe on any thread; a node that does not answer is an empty
/// answer.
///
/// @param address `http://host:port`
record NodeApi(HttpClient http, String address, String key) {
  private static final String MEMBERS = "switchboard_members ";
  private static final String LINK_EVENTS = "switchboard_link_events_total";
  // Longer than `cluster.request_timeout`: what asks the other nodes answers by then.
  private static final Duration PATIENCE = Duration.ofSeconds(6);
  private static final Duration PUBLISH_PATIENCE = Duration.ofSeconds(2);
  // A copy that cannot be made is an error within this time; a repeat elsewhere is better sooner.
  private static final Duration APPEND_PATIENCE = Duration.ofSeconds(4);
  private static final int PAGE = 300;

  /// Whether it wants traffic.
  boolean ready() {
    return get("/ready").isPresent();
  }

  /// The nodes it says there are: incarnations by name.
  Map<String, String> members() {
    Map<String, String> members = new HashMap<>();
    post("info", new JsonObject(), PATIENCE)
        .ifPresent(
            answer -> {
              for (Object each : answer.getJsonObject("result").getJsonArray("nodes")) {
                var node = (JsonObject) each;
                members.put(node.getString("name"), node.getString("uid"));
              }
            });
    return members;
  }

  /// How many nodes are in its member list; 0 when it does not say. Unlike [#members] nobody is
  /// asked.
  int memberCount() {
    return get("/metrics").stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith(MEMBERS))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(MEMBERS.length())))
        .findFirst()
        .orElse(0);
  }

  /// What its links dropped on purpose, and a loop that slept: not nothing where it is overloaded.
  String drops() {
    return get("/metrics").stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith(LINK_EVENTS) && !line.endsWith(" 0.0"))
        .filter(line -> line.contains("\"aged\"") || line.contains("\"late\""))
        .map(line -> line.substring(LINK_EVENTS.length()))
        .collect(Collectors.joining(" "));
  }

  /// Calls any method; empty when there is no result.
  Optional<JsonObject> call(String method, JsonObject body) {
    return post(method, body, PATIENCE).map(answer -> answer.getJsonObject("result"));
  }

  /// The client ids it says are subscribed.
  Optional<Set<String>> present(String channel) {
    return post("presence", new JsonObject().put("channel", channel), PATIENCE)
        .map(answer -> answer.getJsonObject("result"))
        .map(result -> result.getJsonObject("presence").fieldNames());
  }

  /// Ends a user's sessions, wherever they are.
  ///
  /// @param code what they are told
  void disconnect(String user, int code) {
    var disconnect = new JsonObject().put("code", code).put("reason", "of the harness");
    post("disconnect", new JsonObject().put("user", user).put("disconnect", disconnect), PATIENCE);
  }

  /// What it knows of everybody's routes.
  Optional<Routes> routes() {
    return get("/debug/routes").map(Routes::parse);
  }

  /// Publishes once.
  ///
  /// @param padding makes it longer; empty for as it is
  Sent.Outcome publish(String channel, FleetEvent.Stamp stamp, String padding) {
    var data = new JsonObject(stamp.json());
    if (!padding.isEmpty()) {
      data.put("padding", padding);
    }
    var body = new JsonObject().put("channel", channel).put("data", data);
    var request = request("/api/publish", PUBLISH_PATIENCE).POST(text(body.encode())).build();
    try {
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 && new JsonObject(response.body()).containsKey("result")
          ? Sent.Outcome.ACCEPTED
          : Sent.Outcome.REFUSED;
    } catch (IOException unanswered) {
      return Sent.Outcome.UNKNOWN;
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
      return Sent.Outcome.UNKNOWN;
    }
  }

  /// Publishes to a stream once; the answer, or that there was none.
  ///
  /// @param data what is attempted, JSON
  Fact append(Fact.Attempt attempt, String data) {
    var body =
        new JsonObject()
            .put("channel", attempt.channel())
            .put("data", new JsonObject(data))
            .put("idempotency_key", attempt.key());
    var request = request("/api/publish", APPEND_PATIENCE).POST(text(body.encode())).build();
    try {
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return appended(attempt, response);
    } catch (IOException unanswered) {
      return unanswered(attempt);
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
      return unanswered(attempt);
    }
  }

  private static Fact appended(Fact.Attempt attempt, HttpResponse<String> response) {
    long now = System.currentTimeMillis();
    String key = attempt.key();
    String channel = attempt.channel();
    if (response.statusCode() != 200) {
      return new Fact.Refused(now, key, attempt.attempt(), channel, response.statusCode());
    }
    var answer = new JsonObject(response.body());
    if (answer.containsKey("error")) {
      int code = answer.getJsonObject("error").getInteger("code");
      return new Fact.Refused(now, key, attempt.attempt(), channel, code);
    }
    var position = position(answer.getJsonObject("result"));
    return new Fact.Stored(now, key, attempt.attempt(), channel, position);
  }

  private static Fact unanswered(Fact.Attempt attempt) {
    long now = System.currentTimeMillis();
    return new Fact.Unanswered(now, attempt.key(), attempt.attempt(), attempt.channel());
  }

  /// Where a stream ends.
  Optional<Position> top(String channel) {
    var body = new JsonObject().put("channel", channel).put("limit", 0);
    return post("history", body, PATIENCE).map(answer -> position(answer.getJsonObject("result")));
  }

  /// What comes after a place in a stream, at most a page; empty also when that epoch is over.
  Optional<Fact.Followed> follow(String node, String channel, Position since) {
    return page(channel, since)
        .map(
            answer ->
                new Fact.Followed(
                    System.currentTimeMillis(),
                    node,
                    channel,
                    position(answer),
                    since.offset(),
                    kept(answer)));
  }

  /// All that is kept of a stream, page by page.
  Optional<Fact.LogRead> read(String node, String channel) {
    List<Kept> kept = new ArrayList<>();
    var since = new Position("", 0);
    while (true) {
      var answer = page(channel, since);
      if (answer.isEmpty()) {
        return Optional.empty();
      }
      var top = position(answer.get());
      var page = kept(answer.get());
      kept.addAll(page);
      if (page.size() < PAGE) {
        long now = System.currentTimeMillis();
        return Optional.of(new Fact.LogRead(now, node, channel, top, kept));
      }
      since = new Position(top.epoch(), kept.getLast().offset());
    }
  }

  private Optional<JsonObject> page(String channel, Position since) {
    var place = new JsonObject().put("offset", since.offset()).put("epoch", since.epoch());
    var body = new JsonObject().put("channel", channel).put("limit", PAGE).put("since", place);
    return post("history", body, PATIENCE).map(answer -> answer.getJsonObject("result"));
  }

  private static List<Kept> kept(JsonObject answer) {
    return answer.getJsonArray("publications", new JsonArray()).stream()
        .map(JsonObject.class::cast)
        .map(each -> new Kept(each.getLong("offset"), hash(each)))
        .toList();
  }

  private static String hash(JsonObject publication) {
    return Fact.hash(publication.getJsonObject("data").encode());
  }

  private static Position position(JsonObject result) {
    return new Position(result.getString("epoch", ""), result.getLong("offset", 0L));
  }

  private Optional<String> get(String path) {
    return answer(request(path, PATIENCE).build());
  }

  private Optional<JsonObject> post(String method, JsonObject body, Duration patience) {
    return answer(request("/api/" + method, patience).POST(text(body.encode())).build())
        .map(JsonObject::new)
        .filter(answer -> answer.containsKey("result"));
  }

  private HttpRequest.Builder request(String path, Duration patience) {
    return HttpRequest.newBuilder(URI.create(address + path))
        .timeout(patience)
        .header("X-API-Key", key);
  }

  private static HttpRequest.BodyPublisher text(String body) {
    return HttpRequest.BodyPublishers.ofString(body);
  }

  private Optional<String> answer(HttpRequest request) {
    try {
      var response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
    } catch (IOException unanswered) {
      return Optional.empty();
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
