package dev.switchboard.token;

import static dev.switchboard.token.TokenForge.NOW;
import static dev.switchboard.token.TokenForge.SECRET;
import static dev.switchboard.token.TokenForge.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.auth.ConnectionGrant;
import dev.switchboard.auth.Principal;
import dev.switchboard.auth.SubscriptionGrant;
import dev.switchboard.auth.SubscriptionTerms;
import dev.switchboard.auth.TokenOutcome;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.Secret;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenSignerTest {
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);
  private static final Duration HOUR = Duration.ofHours(1);
  private static Vertx vertx;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  @ParameterizedTest
  @CsvSource({"HS256, ''", "HS384, ''", "HS512, k"})
  void signsWhatTheVerifierOfTheSameConfigurationAccepts(String algorithm, String id) {
    // Given
    var config = config(true, true, "me", TokenForge.of(algorithm).key(id));
    var signer = new TokenSigner(vertx, config, CLOCK);
    var verifier = new TokenVerifier(vertx, config, CLOCK);
    var more = new JsonObject().put("channels", new JsonArray().add("c"));

    // When
    var plain = verifier.verifyConnection(signer.connection("u", HOUR));
    var rich = verifier.verifyConnection(signer.sign("", HOUR, more));
    var subscription = verifier.verifySubscription(signer.subscription("u", "$c", HOUR));

    // Then
    var expireAt = NOW.getEpochSecond() + 3600;
    assertThat(plain).isEqualTo(granted(new Principal("u", null), expireAt, List.of()));
    assertThat(rich).isEqualTo(granted(Principal.ANONYMOUS, expireAt, List.of("c")));
    assertThat(subscription)
        .isEqualTo(
            new TokenOutcome.Granted<>(
                new SubscriptionGrant("u", "$c", "", SubscriptionTerms.NONE.until(expireAt))));
  }

  @Test
  void signsWithTheHmacSecretAndTheConfiguredUserClaim() {
    // Given
    var config =
        new GatewayConfig.Token(
            new Secret(SECRET),
            "HS256",
            List.of(),
            "",
            Duration.ofMinutes(5),
            "",
            "",
            true,
            false,
            "uid",
            Duration.ZERO,
            8192);
    var signer = new TokenSigner(vertx, config, CLOCK);
    var verifier = new TokenVerifier(vertx, config, CLOCK);

    // When
    var outcome = verifier.verifyConnection(signer.connection("u", HOUR));

    // Then
    assertThat(outcome)
        .isEqualTo(granted(new Principal("u", null), NOW.getEpochSecond() + 3600, List.of()));
  }

  @Test
  void refusesToSignWithoutASecretOrForNoTime() {
    // Given
    var signer = new TokenSigner(vertx, config(TokenForge.of("HS256").key("")), CLOCK);
    var publicOnly = config(TokenForge.of("ES256").key(""));

    // When
    var noSecret = assertThatThrownBy(() -> new TokenSigner(vertx, publicOnly, CLOCK));
    var noTime = assertThatThrownBy(() -> signer.connection("u", Duration.ZERO));

    // Then
    noSecret.isInstanceOf(IllegalArgumentException.class).hasMessageContaining("HMAC");
    noTime.isInstanceOf(IllegalArgumentException.class).hasMessageContaining("positive");
  }

  private static TokenOutcome<ConnectionGrant> granted(
      Principal principal, long expireAt, List<String> channels) {
    Map<String, SubscriptionTerms> subscriptions = new LinkedHashMap<>();
    channels.forEach(channel -> subscriptions.put(channel, SubscriptionTerms.NONE));
    return new TokenOutcome.Granted<>(
        new ConnectionGrant(principal, expireAt, subscriptions, null));
  }
}
