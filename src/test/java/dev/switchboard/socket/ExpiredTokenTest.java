package dev.switchboard.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A token that has run out, be it within `token.skew` (5 s): SDKs ask for a new one only on 109.
class ExpiredTokenTest {
  private static final int TOKEN_EXPIRED = 109;

  @ParameterizedTest
  @ValueSource(ints = {1, 60})
  void aConnectionTokenIsAnsweredWith109(int secondsAgo) {
    // Given
    try (var node = TestNode.start();
        var client = TestClient.open(node)) {
      String token = expired(node, secondsAgo, new JsonObject());

      // When
      JsonObject reply = client.connect(token);

      // Then
      assertThat(reply.getJsonObject("error").getInteger("code")).isEqualTo(TOKEN_EXPIRED);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 60})
  void aSubscriptionTokenIsAnsweredWith109(int secondsAgo) {
    // Given
    try (var node = TestNode.start();
        var client = TestClient.connect(node, "alice")) {
      String token = expired(node, secondsAgo, new JsonObject().put("channel", "$news"));

      // When
      JsonObject reply =
          client.call("subscribe", new JsonObject().put("channel", "$news").put("token", token));

      // Then
      assertThat(reply.getJsonObject("error").getInteger("code")).isEqualTo(TOKEN_EXPIRED);
    }
  }

  private static String expired(TestNode node, int secondsAgo, JsonObject claims) {
    claims.put("expire_at", Instant.now().getEpochSecond() - secondsAgo);
    return node.signer().sign("alice", Duration.ofHours(1), claims);
  }
}
