package dev.switchboard.socket;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AnonymousTest {
  private static final JsonObject NOTHING = new JsonObject();

  @Test
  void theAnonymousUserMayDoOnlyWhatIsSaidOfAnonymous() {
    // Given
    try (var node =
            TestNode.start(
                "client.anonymous=true",
                "channel.namespaces.open.allow_subscribe_for_client=true",
                "channel.namespaces.open.allow_subscribe_for_anonymous=true");
        var stranger = TestClient.open(node);
        var nobody = TestClient.open(node)) {

      // When
      JsonObject reply = stranger.call("connect", NOTHING);
      JsonObject withToken = nobody.connect(node.token(""));

      // Then
      assertThat(reply.getJsonObject("connect").containsKey("expires")).isFalse();
      assertThat(error(withToken)).isZero();
      assertThat(error(stranger.subscribe("closed"))).isEqualTo(103);
      assertThat(error(stranger.subscribe("open:a"))).isZero();
      assertThat(error(stranger.publish("closed", 1))).isEqualTo(103);
      assertThat(error(stranger.call("presence", channel("closed")))).isEqualTo(103);
    }
  }

  @Test
  void insecureModeGrantsEverythingButWhatIsOffOrPrivate() {
    // Given
    try (var node =
            TestNode.start(
                "client.insecure=true",
                "client.expired_grace=0s",
                "heartbeat.interval=20ms",
                "channel.namespaces.closed.presence=false");
        var client = TestClient.open(node)) {

      // When
      JsonObject reply = client.call("connect", NOTHING);

      // Then
      assertThat(reply.getJsonObject("connect").containsKey("expires")).isFalse();
      assertThat(error(client.subscribe("closed:a"))).isZero();
      assertThat(error(client.publish("closed:b", 1))).isZero();
      assertThat(error(client.call("presence", channel("without")))).isZero();
      assertThat(error(client.call("presence", channel("closed:a")))).isEqualTo(108);
      assertThat(error(client.subscribe("$private"))).isEqualTo(103);
      assertThat(error(client.subscribe("no:such"))).isEqualTo(102);
    }
  }

  @Test
  void insecureModeStillChecksTokensThatArePresented() {
    // Given
    try (var node = TestNode.start("client.insecure=true");
        var forged = TestClient.open(node);
        var late = TestClient.open(node);
        var client = TestClient.open(node)) {
      var notYet = of("nbf", Instant.now().getEpochSecond() + 60);

      // When
      forged.send("{\"id\":1,\"connect\":{\"token\":\"x\"}}");
      JsonObject refused = late.connect(node.signer().sign("a", Duration.ofHours(1), notYet));
      client.call("connect", NOTHING);
      JsonObject badToken = client.call("subscribe", channel("$a").put("token", "x"));

      // Then
      assertThat(forged.closed().code()).isEqualTo(3500);
      assertThat(error(refused)).isEqualTo(109);
      assertThat(error(badToken)).isEqualTo(103);
    }
  }

  @Test
  void insecureModeIgnoresExpiry() {
    // Given
    try (var node =
            TestNode.start(
                "client.insecure=true", "client.expired_grace=0s", "heartbeat.interval=20ms");
        var client = TestClient.open(node)) {

      // When
      JsonObject reply = client.connect(node.token("alice", Duration.ofSeconds(1)));
      JsonObject refreshed = client.call("refresh", of("token", node.token("alice")));
      node.awaitSweep();
      node.awaitSweep();

      // Then
      assertThat(reply.getJsonObject("connect").containsKey("ttl")).isFalse();
      assertThat(refreshed.getJsonObject("refresh").containsKey("ttl")).isFalse();
      assertThat(client.isClosed()).isFalse();
    }
  }
}
