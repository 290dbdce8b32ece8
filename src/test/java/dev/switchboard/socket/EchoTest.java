package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.protocol.Encoding;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who asks does not get what it publishes itself.
class EchoTest {
  private final TestNode node =
      TestNode.start(
          "channel.namespaces.kept.allow_subscribe_for_client=true",
          "channel.namespaces.kept.allow_publish_for_client=true",
          "channel.namespaces.kept.history_size=10",
          "channel.namespaces.kept.history_ttl=1m",
          "channel.namespaces.kept.force_recovery=true");

  @AfterEach
  void stop() {
    node.close();
  }

  @ParameterizedTest
  @CsvSource({"JSON, news", "JSON, kept:news", "PROTOBUF, news", "PROTOBUF, kept:news"})
  void whoAsksHearsOthersOnly(Encoding encoding, String name) {
    // Given
    try (var alice = TestClient.connect(node, "alice", encoding);
        var bob = TestClient.connect(node, "bob", encoding)) {
      var off = new JsonObject("{\"switchboard\":{\"echo\":false},\"mine\":1}");
      assertThat(alice.call("subscribe", channel(name).put("data", off)).containsKey("subscribe"))
          .isTrue();
      bob.subscribe(name);

      // When and then
      for (int number = 1; number <= 4; number++) {
        (number % 2 == 0 ? bob : alice).publish(name, number);
        assertThat(data(bob)).isEqualTo(number);
      }
      assertThat(data(alice)).isEqualTo(2);
      assertThat(data(alice)).isEqualTo(4);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"switchboard\":{\"echo\":true}}",
        "{\"switchboard\":{}}",
        "{\"switchboard\":[]}",
        "\"switchboard\"",
        "{\"echo\":false}"
      })
  void allElseIsTheApplications(String data) {
    // Given
    try (var alice = TestClient.connect(node, "alice", Encoding.JSON)) {
      alice.send("{\"id\":9,\"subscribe\":{\"channel\":\"news\",\"data\":%s}}".formatted(data));
      assertThat(alice.next().containsKey("subscribe")).isTrue();

      // When
      alice.publish("news", 1);

      // Then
      assertThat(data(alice)).isEqualTo(1);
    }
  }

  private static int data(TestClient client) {
    return client.push().getJsonObject("pub").getInteger("data");
  }
}
