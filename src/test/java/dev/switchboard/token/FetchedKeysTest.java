package dev.switchboard.token;

import static dev.switchboard.testkit.Shorthand.channel;
import static dev.switchboard.testkit.Shorthand.error;
import static dev.switchboard.testkit.Shorthand.of;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.testkit.TestBackend;
import dev.switchboard.testkit.TestClient;
import dev.switchboard.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Tokens of an issuer that publishes its keys.
class FetchedKeysTest {
  private static final String CLAIMS = "{\"sub\":\"alice\",\"aud\":\"test\",\"exp\":4000000000%s}";

  // Longer than the pause between two fetches.
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  private final TestBackend issuer = TestBackend.start();
  private final TokenForge first = TokenForge.of("RS256");
  private final TokenForge second = TokenForge.of("EdDSA");

  @AfterEach
  void stop() {
    issuer.close();
  }

  private TestNode node() {
    return TestNode.start("token.jwks_url=" + issuer.url(), "token.hmac_secret=");
  }

  private void publish(String... keys) {
    issuer.answer("", "{\"keys\":[" + String.join(",", keys) + "]}");
  }

  private static String token(TokenForge forge, String id, String more) {
    return forge.signed(
        "{\"alg\":\"%s\",\"kid\":\"%s\"}".formatted(forge.algorithm(), id), CLAIMS.formatted(more));
  }

  private static JsonObject connect(TestNode node, String token) {
    try (var client = TestClient.open(node)) {
      client.send(of("id", 1).put("connect", of("token", token)).encode());
      await().until(() -> client.isClosed() || !client.isQuiet());
      return client.isClosed() ? of("closed", client.closed().code()) : client.next();
    }
  }

  @Test
  void aKeyThatIsNewIsFetchedAndOneThatIsGoneIsNoMore() {
    // Given
    publish(WebKeyTest.jwk(first, "a"));
    try (var node = node()) {
      await().until(() -> connect(node, token(first, "a", "")).containsKey("connect"));

      // When
      publish(WebKeyTest.jwk(second, "b"));

      // Then
      await()
          .atMost(PATIENCE)
          .until(() -> connect(node, token(second, "b", "")).containsKey("connect"));
      assertThat(error(connect(node, token(first, "a", "")))).isEqualTo(100);
      await()
          .atMost(PATIENCE)
          .until(() -> connect(node, token(first, "a", "")).getInteger("closed", 0) == 3500);
      assertThat(connect(node, token(first, "b", "")).getInteger("closed")).isEqualTo(3500);
    }
  }

  @Test
  void whoComesBeforeTheKeysWaitsForThem() {
    // Given
    publish(WebKeyTest.jwk(first, "a"));
    issuer.silent(true);
    try (var node = node();
        var client = TestClient.open(node)) {
      // When
      client.send(of("id", 1).put("connect", of("token", token(first, "a", ""))).encode());
      client.send("{\"id\":2,\"subscribe\":{\"channel\":\"news\"}}");
      issuer.next();
      issuer.speak();

      // Then
      assertThat(client.next().containsKey("connect")).isTrue();
      assertThat(client.next().containsKey("subscribe")).isTrue();
      String more = ",\"channel\":\"$news\"";
      JsonObject subscribed =
          client.call("subscribe", channel("$news").put("token", token(first, "a", more)));
      assertThat(error(subscribed)).isZero();
      JsonObject refreshed = client.call("refresh", of("token", token(first, "a", "")));
      assertThat(error(refreshed)).isZero();
    }
  }

  @Test
  void withoutTheIssuerWhatIsKnownStaysGood() {
    // Given
    publish(WebKeyTest.jwk(first, "a"));
    try (var node = node()) {
      await().until(() -> connect(node, token(first, "a", "")).containsKey("connect"));

      // When
      issuer.close();

      // Then
      assertThat(connect(node, token(first, "a", "")).containsKey("connect")).isTrue();
      assertThat(error(connect(node, token(second, "b", "")))).isEqualTo(100);
      assertThat(node.metric("switchboard_token_key_fetches_total{outcome=\"good\"}")).isOne();
    }
  }
}
