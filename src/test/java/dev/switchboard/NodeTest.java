package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodeTest {
  @Test
  void aClientGetsWhatIsPublishedOverHttp() {
    // Given
    try (var node = TestNode.start();
        var client = TestClient.connect(node, "alice")) {
      client.subscribe("news");

      // When
      String answer = node.api("publish", "{\"channel\":\"news\",\"data\":{\"n\":1}}");

      // Then
      assertThat(answer).isEqualTo("{\"result\":{}}");
      assertThat(client.push())
          .isEqualTo(new JsonObject("{\"channel\":\"news\",\"pub\":{\"data\":{\"n\":1}}}"));
    }
  }

  @Test
  void everySubscriberGetsWhatOneClientPublishesInOrder() {
    // Given
    int count = 100;
    try (var node = TestNode.start();
        var publisher = TestClient.connect(node, "alice");
        var one = TestClient.connect(node, "bob");
        var other = TestClient.connect(node, "carol")) {
      one.subscribe("news");
      other.subscribe("news");

      // When
      publisher.send(
          IntStream.range(0, count)
              .mapToObj(n -> publish(n + 100, n).encode())
              .collect(Collectors.joining("\n")));

      // Then
      for (var subscriber : List.of(one, other)) {
        assertThat(numbers(subscriber, count))
            .isEqualTo(IntStream.range(0, count).boxed().toList());
      }
    }
  }

  @Test
  void theSubscribeReplyComesBeforeThePublications() {
    try (var node = TestNode.start();
        var client = TestClient.connect(node, "alice")) {
      // When
      var subscribe =
          new JsonObject().put("id", 7).put("subscribe", new JsonObject().put("channel", "news"));
      client.send(subscribe.encode() + "\n" + publish(8, 1).encode());

      // Then
      assertThat(client.next().getInteger("id")).isEqualTo(7);
    }
  }

  private static JsonObject publish(int id, int number) {
    return new JsonObject()
        .put("id", id)
        .put("publish", new JsonObject().put("channel", "news").put("data", number));
  }

  private static List<Integer> numbers(TestClient subscriber, int count) {
    return Stream.generate(() -> subscriber.push().getJsonObject("pub").getInteger("data"))
        .limit(count)
        .toList();
  }
}
