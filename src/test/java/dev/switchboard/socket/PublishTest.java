package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishTest {
  private final TestNode node =
      TestNode.start(
          "channel.namespaces.shut.allow_subscribe_for_client=true",
          "channel.namespaces.members.allow_subscribe_for_client=true",
          "channel.namespaces.members.allow_publish_for_subscriber=true",
          "channel.namespaces.json.allow_publish_for_client=true",
          "channel.namespaces.json.publication_data_format=json",
          "channel.namespaces.object.allow_publish_for_client=true",
          "channel.namespaces.object.publication_data_format=json_object",
          "channel.namespaces.bytes.allow_publish_for_client=true",
          "channel.namespaces.bytes.allow_subscribe_for_client=true",
          "channel.namespaces.bytes.publication_data_format=binary");

  @AfterAll
  void stop() {
    node.close();
  }

  @Test
  void thePublisherGetsItsOwnPublicationWithWhoItIs() {
    // Given
    try (var client = TestClient.open(node)) {
      var claims = of("info", of("name", "Alice"));
      JsonObject connected =
          client.connect(node.signer().sign("alice", Duration.ofHours(1), claims));
      client.subscribe("room");

      // When
      JsonObject reply = client.publish("room", of("text", "hi"));

      // Then
      assertThat(reply.getJsonObject("publish")).isEqualTo(new JsonObject());
      JsonObject publication = client.push().getJsonObject("pub");
      String id = connected.getJsonObject("connect").getString("client");
      assertThat(publication)
          .isEqualTo(
              of("data", of("text", "hi"))
                  .put(
                      "info",
                      of("user", "alice").put("client", id).put("conn_info", of("name", "Alice"))));
    }
  }

  @Test
  void whatASubscriptionTokenSaysIsShownOnThatChannel() {
    // Given
    try (var client = TestClient.connect(node, "alice")) {
      var claims = channel("$room").put("info", of("role", "owner"));
      var token = node.signer().sign("alice", Duration.ofHours(1), claims);
      client.call("subscribe", channel("$room").put("token", token));

      // When
      client.publish("$room", 1);

      // Then
      JsonObject info = client.push().getJsonObject("pub").getJsonObject("info");
      assertThat(info.getJsonObject("chan_info")).isEqualTo(of("role", "owner"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "room, 0",
    "shut:a, 103",
    "members:a, 103",
    "no:such, 102",
    "ä, 107",
    "json:a, 0",
    "object:a, 107",
    "bytes:a, 0"
  })
  void theNamespaceDecides(String name, int code) {
    try (var client = TestClient.connect(node, "alice")) {
      // When
      JsonObject reply = client.publish(name, 1);

      // Then
      assertThat(error(reply)).isEqualTo(code);
    }
  }

  @Test
  void subscribersMayPublishWhereSubscribersMay() {
    try (var client = TestClient.connect(node, "alice")) {
      // Given
      client.subscribe("members:a");
      client.subscribe("shut:a");

      // When
      JsonObject member = client.publish("members:a", 1);
      JsonObject shut = client.publish("shut:a", 1);
      client.call("unsubscribe", channel("members:a"));
      JsonObject left = client.publish("members:a", 1);

      // Then
      assertThat(error(member)).isZero();
      assertThat(error(shut)).isEqualTo(103);
      assertThat(error(left)).isEqualTo(103);
    }
  }

  @Test
  void nothingCannotBePublishedUnlessBytesCan() {
    try (var client = TestClient.connect(node, "alice")) {
      // When
      JsonObject nothing = client.call("publish", channel("room"));
      JsonObject bytes = client.call("publish", channel("bytes:a"));

      // Then
      assertThat(error(nothing)).isEqualTo(107);
      assertThat(error(bytes)).isZero();
    }
  }

  @Test
  void objectsPassWhereObjectsAreAsked() {
    try (var client = TestClient.connect(node, "alice")) {
      // When
      JsonObject reply = client.publish("object:a", of("n", 1));

      // Then
      assertThat(error(reply)).isZero();
    }
  }

  @Test
  void bytesThatAreNotJsonEndAJsonSubscriberAndNobodyElse() {
    try (var client = TestClient.connect(node, "alice");
        var other = TestClient.connect(node, "bob")) {
      // Given
      client.subscribe("bytes:a");
      other.subscribe("bytes:b");
      String data = Base64.getEncoder().encodeToString(new byte[] {1, 2, 3});

      // When
      node.api("publish", "{\"channel\":\"bytes:a\",\"b64data\":\"" + data + "\"}");

      // Then
      assertThat(client.closed()).isEqualTo(new TestClient.Close(3506, "inappropriate protocol"));
      assertThat(error(other.publish("bytes:b", 1))).isZero();
      assertThat(other.push().getString("channel")).isEqualTo("bytes:b");
    }
  }

  @Test
  void aLineBreakInAPayloadCannotEndTheReply() {
    try (var client = TestClient.connect(node, "alice")) {
      // Given
      client.subscribe("room");

      // When
      client.send("{\"id\":7,\"publish\":{\"channel\":\"room\",\"data\":{\r\n\"a\":\n1}}}");

      // Then
      assertThat(client.push().getJsonObject("pub").getJsonObject("data")).isEqualTo(of("a", 1));
    }
  }
}
