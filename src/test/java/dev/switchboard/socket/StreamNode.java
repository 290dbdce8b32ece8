package dev.switchboard.socket;

import static org.awaitility.Awaitility.await;

import dev.switchboard.feed.StreamEnvelope;
import dev.switchboard.protocol.Encoding;
import dev.switchboard.protocol.Publication;
import dev.switchboard.stream.Position;
import dev.switchboard.testkit.ListStreams;
import dev.switchboard.testkit.TestClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/// One event loop with real sockets and streams that a test can do anything to.
///
/// Every channel keeps ten publications. Namespaces: none recovers, `position` is watched and no
/// more, `live` only keeps history, `cache` recovers the newest, `auto` does so unasked; `delta`
/// recovers and makes patches of all, `asked` of what asks for it.
final class StreamNode implements AutoCloseable {
  private final ClaimedNode node =
      new ClaimedNode(
              Stream.concat(
                      Stream.of(
                          "channel.without_namespace.history_size=10",
                          "channel.without_namespace.history_ttl=1m",
                          "channel.without_namespace.force_recovery=true",
                          "channel.without_namespace.allow_history_for_subscriber=true",
                          "channel.namespaces.position.force_positioning=true",
                          "channel.namespaces.live.presence=true",
                          "channel.namespaces.open.allow_history_for_client=true",
                          "channel.namespaces.cache.force_recovery=true",
                          "channel.namespaces.cache.force_recovery_mode=cache",
                          "channel.namespaces.auto.force_recovery=true",
                          "channel.namespaces.auto.force_recovery_mode=cache",
                          "channel.namespaces.auto.auto_cache_recover=true",
                          "channel.namespaces.delta.force_recovery=true",
                          "channel.namespaces.delta.allowed_delta_types=fossil",
                          "channel.namespaces.delta.delta_publish=true",
                          "channel.namespaces.delta.allow_tags_filter=true",
                          "channel.namespaces.asked.allowed_delta_types=fossil",
                          "channel.namespaces.off.allow_subscribe_for_client=true"),
                      Stream.of("position", "live", "open", "cache", "auto", "delta", "asked")
                          .flatMap(name -> history("channel.namespaces." + name + ".")))
                  .toArray(String[]::new))
          .confirmAtOnce();

  private static Stream<String> history(String namespace) {
    return Stream.of(
        namespace + "allow_subscribe_for_client=true",
        namespace + "history_size=10",
        namespace + "history_ttl=1m");
  }

  ClaimedNode node() {
    return node;
  }

  ListStreams streams() {
    return node.streams();
  }

  /// A client that is connected.
  TestClient connect(Encoding encoding) {
    var client = node.connecting(encoding, new JsonObject(), "alice");
    client.next();
    return client;
  }

  /// Appends a number and tells nobody.
  StreamEnvelope append(String channel, int number) {
    byte[] data = Integer.toString(number).getBytes(StandardCharsets.UTF_8);
    return node.append(channel, Publication.of(data, null), 10);
  }

  /// Appends a number and tells the event loop.
  void publish(String channel, int number) {
    node.deliver(append(channel, number));
  }

  Position top(String channel) {
    return streams().top(channel);
  }

  /// Waits until so many reads are kept back.
  void awaitReads(int count) {
    await().until(() -> streams().held() == count);
  }

  /// Parameters of a subscribe that comes back to a position.
  static JsonObject recover(String channel, Position position) {
    return new JsonObject()
        .put("channel", channel)
        .put("recover", true)
        .put("epoch", position.epoch())
        .put("offset", position.offset());
  }

  /// Offset and number of the next publication.
  static String next(TestClient client) {
    JsonObject push = client.push();
    JsonObject publication = push == null ? null : push.getJsonObject("pub");
    return publication == null ? String.valueOf(push) : text(publication);
  }

  /// Offset and number of all publications of a reply.
  static List<String> publications(JsonObject result) {
    return result.getJsonArray("publications", new JsonArray()).stream()
        .map(each -> text((JsonObject) each))
        .toList();
  }

  private static String text(JsonObject publication) {
    return publication.getLong("offset", 0L) + ":" + publication.getInteger("data");
  }

  @Override
  public void close() {
    node.close();
  }
}
