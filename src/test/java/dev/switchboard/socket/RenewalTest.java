package dev.switchboard.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.protocol.ClientId;
import dev.switchboard.routing.RouteKey;
import dev.switchboard.testkit.RawClient;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import org.junit.jupiter.api.Test;

/// A node that begins another stay in the cluster.
class RenewalTest {
  @Test
  void everySessionAndHandshakeIsClosedAndNothingStaysClaimed() {
    // Given
    try (var node = new ClaimedNode();
        var session = node.connected("alice");
        var connecting = node.connecting("bob", "news");
        var handshake = TestClient.open(node.websocket())) {
      node.awaitClaim(new RouteKey.Channel("news"));
      await().until(() -> node.opened() == 3);

      // When
      ClaimedNode.done(node.router().renew(2));

      // Then
      for (var client : new TestClient[] {session, connecting, handshake}) {
        assertThat(client.closed().code()).isEqualTo(3011);
      }
      assertThat(node.held()).isZero();
    }
  }

  @Test
  void whoComesAfterwardsHasAnIdOfTheNewStay() {
    // Given
    try (var node = new ClaimedNode();
        var before = node.connected("alice")) {
      ClaimedNode.done(node.router().renew(2));
      assertThat(before.closed().code()).isEqualTo(3011);

      // When
      try (var after = node.connecting("alice")) {
        node.confirmUser("alice");

        // Then
        String id = after.next().getJsonObject("connect").getString("client");
        assertThat(ClientId.parse(id).orElseThrow().incarnation()).isEqualTo(2);
        assertThat(ClaimedNode.done(node.router().info()).getFirst().uid())
            .isEqualTo("0000000000000002");
      }
    }
  }

  @Test
  void aSuspendedNodeIsNotReadyAndTakesNoSockets() {
    // Given
    try (var node = TestNode.start();
        var client = TestClient.connect(node, "alice")) {
      node.node().health().suspended(true);

      // When
      try (var refused = RawClient.open(node.port())) {
        refused.send(RawClient.handshake(node, ""));

        // Then
        assertThat(refused.head()).startsWith("HTTP/1.1 503 ").contains("retry-after: 5");
      }
      assertThat(node.get("/ready").statusCode()).isEqualTo(503);
      assertThat(node.get("/ready").body()).contains("\"state\":\"renewing\"");
      assertThat(node.get("/live").statusCode()).isEqualTo(200);
      assertThat(client.subscribe("news").containsKey("subscribe")).isTrue();
    }
  }

  @Test
  void aNodeThatIsBackTakesSocketsAgain() {
    // Given
    try (var node = TestNode.start()) {
      node.node().health().suspended(true);

      // When
      node.node().health().suspended(false);

      // Then
      assertThat(node.get("/ready").statusCode()).isEqualTo(200);
      TestClient.connect(node, "alice").close();
    }
  }
}
