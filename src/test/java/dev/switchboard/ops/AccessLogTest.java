package dev.switchboard.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.switchboard.testkit.LogCapture;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import org.junit.jupiter.api.Test;

class AccessLogTest {
  @Test
  void aSessionLeavesOneLineWhenItOpensAndOneWhenItCloses() {
    try (var log = LogCapture.start(Level.INFO);
        var node = TestNode.start();
        var client = TestClient.open(node)) {
      // Given
      String id = client.connectTo(node, "alice");

      // When
      node.api("disconnect", "{\"user\":\"alice\"}");
      client.closed();

      // Then
      await().until(() -> log.access().size() == 2);
      assertThat(log.access().getFirst())
          .contains("session opened")
          .contains("sessionId=\"" + id + "\"")
          .contains("principal=\"alice\"")
          .contains("encoding=\"json\"")
          .contains("address=\"127.0.0.1\"");
      assertThat(log.access().getLast())
          .contains("session closed")
          .contains("sessionId=\"" + id + "\"")
          .contains("closeCode=\"3503\"")
          .contains("initiator=\"server\"");
      log.assertQuiet();
    }
  }

  @Test
  void theClientMayBeginToo() {
    try (var log = LogCapture.start(Level.INFO);
        var node = TestNode.start();
        var client = TestClient.connect(node, "alice")) {
      // When
      client.abort();

      // Then
      await().until(() -> log.access().size() == 2);
      assertThat(log.access().getLast())
          .contains("closeCode=\"1006\"")
          .contains("initiator=\"client\"");
    }
  }

  @Test
  void itCanBeSwitchedOff() {
    try (var log = LogCapture.start(Level.INFO);
        var node = TestNode.start("log.access=false");
        var client = TestClient.connect(node, "alice")) {
      // When
      node.api("disconnect", "{\"user\":\"alice\"}");
      client.closed();

      // Then
      assertThat(log.access()).isEmpty();
      log.assertQuiet();
    }
  }
}
