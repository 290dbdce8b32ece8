package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who knows how is told a number in place of a channel's name.
class CompactionTest {
  private final TestNode node =
      TestNode.start(
          Stream.of("plain", "kept")
              .flatMap(
                  name ->
                      Stream.of(
                              "allow_channel_compaction=true",
                              "allow_subscribe_for_client=true",
                              "presence=true",
                              "join_leave=true",
                              "force_push_join_leave=true",
                              "history_size=" + (name.equals("kept") ? 10 : 0),
                              "history_ttl=" + (name.equals("kept") ? "1m" : "0s"))
                          .map(option -> "channel.namespaces." + name + "." + option))
              .toArray(String[]::new));

  @AfterEach
  void stop() {
    node.close();
  }

  private static long number(TestClient client, String name) {
    JsonObject reply = client.call("subscribe", channel(name).put("flag", 1));
    return reply.getJsonObject("subscribe").getLong("id", 0L);
  }

  @ParameterizedTest
  @CsvSource({"JSON, plain", "JSON, kept", "PROTOBUF, plain", "PROTOBUF, kept"})
  void pushesHaveTheNumber(Encoding encoding, String namespace) {
    // Given
    String one = namespace + ":one";
    String two = namespace + ":two";
    try (var client = TestClient.connect(node, "alice", encoding);
        var other = TestClient.connect(node, "bob", encoding)) {
      // When
      long first = number(client, one);
      long second = number(client, two);
      client.push();
      client.push();
      other.subscribe(one);
      node.publish(one, "1");
      node.publish(two, "2");

      // Then
      assertThat(first).isPositive().isNotEqualTo(second);
      JsonObject join = client.push();
      assertThat(join.getLong("id")).isEqualTo(first);
      assertThat(join.getJsonObject("join").getJsonObject("info").getString("user"))
          .isEqualTo("bob");
      JsonObject publication = client.push();
      assertThat(publication.getLong("id")).isEqualTo(first);
      assertThat(publication.containsKey("channel")).isFalse();
      assertThat(publication.getJsonObject("pub").getInteger("data")).isEqualTo(1);
      assertThat(client.push().getLong("id")).isEqualTo(second);
      assertThat(other.push().getString("channel")).isEqualTo(one);
      JsonObject named = other.push();
      assertThat(named.getString("channel")).isEqualTo(one);
      assertThat(named.containsKey("id")).isFalse();
      node.api("unsubscribe", "{\"user\":\"alice\",\"channel\":\"" + one + "\"}");
      assertThat(client.push().getString("channel")).isEqualTo(one);
    }
  }

  @ParameterizedTest
  @CsvSource({"JSON", "PROTOBUF"})
  void whereItIsOffNamesStay(Encoding encoding) {
    // Given
    try (var client = TestClient.connect(node, "alice", encoding)) {
      // When
      long number = number(client, "news");
      node.publish("news", "1");

      // Then
      assertThat(number).isZero();
      assertThat(client.push().getString("channel")).isEqualTo("news");
    }
  }
}
