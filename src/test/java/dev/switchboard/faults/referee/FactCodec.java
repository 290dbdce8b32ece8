package dev.switchboard.faults.referee;

import dev.switchboard.faults.referee.Fact.LogRead.Kept;
import dev.switchboard.stream.Position;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/// A fact as one line of JSON and back. Pure.
final class FactCodec {
  private FactCodec() {}

  static String encode(Fact fact) {
    return json(fact).put("at", fact.at()).encode();
  }

  private static JsonObject json(Fact fact) {
    return switch (fact) {
      case Fact.Attempt each ->
          of("attempt", each.channel())
              .put("publisher", each.publisher())
              .put("key", each.key())
              .put("attempt", each.attempt())
              .put("payload", each.payload());
      case Fact.Stored each ->
          put(answer("stored", each.channel(), each.key(), each.attempt()), each.position());
      case Fact.Refused each ->
          answer("refused", each.channel(), each.key(), each.attempt()).put("code", each.code());
      case Fact.Unanswered each -> answer("unanswered", each.channel(), each.key(), each.attempt());
      case Fact.Subscribed each ->
          put(of("subscribed", each.channel()), each.position())
              .put("client", each.client())
              .put("recovering", each.recovering())
              .put("recovered", each.recovered());
      case Fact.Left each ->
          of("left", each.channel()).put("client", each.client()).put("code", each.code());
      case Fact.Received each ->
          put(of("received", each.channel()), each.position())
              .put("client", each.client())
              .put("payload", each.payload());
      case Fact.LogRead each ->
          put(of("log", each.channel()), each.top())
              .put("node", each.node())
              .put("kept", kept(each.kept()));
      case Fact.Followed each ->
          put(of("followed", each.channel()), each.top())
              .put("node", each.node())
              .put("since", each.since())
              .put("kept", kept(each.kept()));
      case Fact.Rest each ->
          new JsonObject()
              .put("fact", "rest")
              .put("scenario", each.scenario())
              .put("new_epochs", each.newEpochs());
    };
  }

  private static JsonObject of(String fact, String channel) {
    return new JsonObject().put("fact", fact).put("channel", channel);
  }

  private static JsonObject answer(String fact, String channel, String key, int attempt) {
    return of(fact, channel).put("key", key).put("attempt", attempt);
  }

  private static JsonObject put(JsonObject json, Position position) {
    return json.put("epoch", position.epoch()).put("offset", position.offset());
  }

  private static JsonArray kept(List<Kept> kept) {
    var array = new JsonArray();
    kept.forEach(each -> array.add(new JsonArray().add(each.offset()).add(each.payload())));
    return array;
  }

  static Fact decode(String line) {
    var json = new JsonObject(line);
    long at = json.getLong("at");
    String channel = json.getString("channel");
    return switch (json.getString("fact")) {
      case "attempt" ->
          new Fact.Attempt(
              at,
              json.getString("publisher"),
              json.getString("key"),
              json.getInteger("attempt"),
              channel,
              json.getString("payload"));
      case "stored" ->
          new Fact.Stored(
              at, json.getString("key"), json.getInteger("attempt"), channel, position(json));
      case "refused" ->
          new Fact.Refused(
              at,
              json.getString("key"),
              json.getInteger("attempt"),
              channel,
              json.getInteger("code"));
      case "unanswered" ->
          new Fact.Unanswered(at, json.getString("key"), json.getInteger("attempt"), channel);
      case "subscribed" ->
          new Fact.Subscribed(
              at,
              json.getString("client"),
              channel,
              position(json),
              json.getBoolean("recovering"),
              json.getBoolean("recovered"));
      case "left" -> new Fact.Left(at, json.getString("client"), channel, json.getInteger("code"));
      case "received" ->
          new Fact.Received(
              at, json.getString("client"), channel, position(json), json.getString("payload"));
      case "log" ->
          new Fact.LogRead(at, json.getString("node"), channel, position(json), kept(json));
      case "followed" ->
          new Fact.Followed(
              at,
              json.getString("node"),
              channel,
              position(json),
              json.getLong("since"),
              kept(json));
      case "rest" -> new Fact.Rest(at, json.getString("scenario"), json.getBoolean("new_epochs"));
      default -> throw new IllegalArgumentException(line);
    };
  }

  private static Position position(JsonObject json) {
    return new Position(json.getString("epoch"), json.getLong("offset"));
  }

  private static List<Kept> kept(JsonObject json) {
    return json.getJsonArray("kept").stream()
        .map(JsonArray.class::cast)
        .map(each -> new Kept(each.getLong(0), each.getString(1)))
        .toList();
  }
}
