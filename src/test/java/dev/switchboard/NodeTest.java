package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
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
}
