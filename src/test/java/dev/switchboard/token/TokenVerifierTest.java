package dev.switchboard.token;

import static dev.switchboard.token.TokenForge.AUDIENCE;
import static dev.switchboard.token.TokenForge.NOW;
import static dev.switchboard.token.TokenForge.SECRET;
import static dev.switchboard.token.TokenForge.config;
import static dev.switchboard.token.TokenForge.utf8;
import static dev.switchboard.token.TokenForge.verifier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.auth.ConnectionGrant;
import dev.switchboard.auth.SubscriptionGrant;
import dev.switchboard.auth.SubscriptionTerms;
import dev.switchboard.auth.TokenOutcome;
import dev.switchboard.config.GatewayConfig;
import dev.switchboard.config.Secret;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
  private static final TokenForge FORGE = TokenForge.of("HS256");
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
  @ValueSource(
      strings = {
        "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512",
        "EdDSA"
      })
  void verifiesEveryAlgorithmAndOnlyItsOwnKey(String algorithm) {
    // Given
    var forge = TokenForge.of(algorithm);
    var verifier = verifier(vertx, forge.key("k"));
    var token = forge.header("\"typ\":\"jwt\",\"kid\":\"k\"");
    var stranger = TokenForge.of(algorithm.startsWith("HS") ? "RS256" : algorithm);

    // When
    var good = verifier.verifyConnection(token);
    var forged = verifier.verifyConnection(stranger.header("\"kid\":\"k\""));

    // Then
    assertThat(good).isInstanceOf(TokenOutcome.Granted.class);
    assertThat(forged).isInstanceOf(TokenOutcome.Refused.class);
  }

  @Test
  void readsWhatAConnectionTokenGrants() {
    // Given
    var info = "{ \"n\" : 1.50, \"s\":\"\\u00e9 \u00e9 \ud83d\ude00\",\n\"a\":[ ] }";
    var token =
        FORGE.claims(
            "{\"aud\":[\"x\",\"switchboard\"],\"exp\":1800000060.9,\"sub\":\"42\", \"info\" : "
                + info
                + " ,\"channels\":[\"b\",\"a\",\"b\"],\"meta\":{\"x\":1}}");

    // When
    var grant = granted(token);

    // Then
    assertThat(grant.principal().user()).isEqualTo("42");
    assertThat(grant.principal().info()).isEqualTo(utf8(info));
    assertThat(grant.expireAt()).isEqualTo(1_800_000_060L);
    assertThat(grant.subscriptions()).containsOnlyKeys("b", "a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "-1.5e3", "\"a b\"", "true", "[1, 2 ]", "{}", "\"\\\"}\"", "0.10"})
  void keepsInfoByteForByte(String info) {
    // Given
    var last = "{\"aud\":\"switchboard\",\"exp\":1800000060,\"info\": " + info + " }";
    var first = "{\"info\":" + info + ",\"aud\":\"switchboard\",\"exp\":1800000060}";

    // When
    var grants = List.of(granted(FORGE.claims(last)), granted(FORGE.claims(first)));

    // Then
    assertThat(grants).allSatisfy(g -> assertThat(g.principal().info()).isEqualTo(utf8(info)));
  }

  @Test
  void readsTheLesserUsedClaims() {
    // When
    var encoded = granted(claims("\"b64info\":\"eyJhIjoxfQ==\",\"info\":{}"));
    var nobody = granted(claims("\"info\":null"));
    var subs = granted(claims("\"subs\":{\"c\":{},\"d\":{\"info\":{}}},\"channels\":[\"e\"]"));

    // Then
    assertThat(encoded.principal().info()).isEqualTo(utf8("{\"a\":1}"));
    assertThat(nobody.principal().anonymous()).isTrue();
    assertThat(nobody.principal().info()).isNull();
    assertThat(nobody.subscriptions()).isEmpty();
    assertThat(subs.subscriptions()).containsOnlyKeys("c", "d");
  }

  @Test
  void acceptsTheLongestUser() {
    // Given
    var user = "\u00fc".repeat(127) + "u";

    // When
    var grant = granted(claims("\"sub\":\"" + user + "\""));

    // Then
    assertThat(grant.principal().user()).isEqualTo(user);
  }

  @Test
  void readsWhatASubscriptionTokenGrants() {
    // Given
    var verifier = verifier(vertx, FORGE.key(""));
    var full = claims("\"sub\":\"u\",\"channel\":\"$c\",\"client\":\"id\",\"info\":[1]");
    var least = claims("\"channel\":\"c\",\"expire_at\":0");

    // When
    var outcome = verifier.verifySubscription(full);
    var leastOutcome = verifier.verifySubscription(least);

    // Then
    assertThat(outcome)
        .usingRecursiveComparison()
        .isEqualTo(
            new TokenOutcome.Granted<>(
                new SubscriptionGrant(
                    "u",
                    "$c",
                    "id",
                    new SubscriptionTerms(utf8("[1]"), null, 1_800_000_060L, Map.of()))));
    assertThat(leastOutcome)
        .isEqualTo(
            new TokenOutcome.Granted<>(new SubscriptionGrant("", "c", "", SubscriptionTerms.NONE)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"sub\":\"u\"",
        "\"channel\":\"\"",
        "\"channel\":null",
        "\"channel\":[\"c\"]",
        "\"channel\":\"c\",\"client\":1",
        "\"channel\":\"a\\nb\"",
        "\"channel\":\"\\udc00\""
      })
  void refusesSubscriptionTokensThatNameNoChannel(String claims) {
    // When
    var outcome = verifier(vertx, FORGE.key("")).verifySubscription(claims(claims));

    // Then
    assertThat(outcome).isInstanceOf(TokenOutcome.Refused.class);
  }

  @ParameterizedTest
  @CsvSource({
    "exp, 0, -1, true",
    "exp, 0, 4999, true",
    "exp, 0, 5000, false",
    "exp, 0, 6000, false",
    "nbf, 0, 0, true",
    "nbf, 0, -5000, true",
    "nbf, 0, -5001, false",
    "nbf, 0, -9000, false",
    "exp, 0.5, 5499, true",
    "exp, 0.5, 5500, false",
    "expire_at, 0, 4999, true",
    "expire_at, 0, 5000, false"
  })
  void holdsTimesAgainstTheClockWithTheSkew(
      String claim, double offset, long millisLater, boolean good) {
    // Given
    var seconds = BigDecimal.valueOf(1_700_000_000L + offset).toPlainString();
    var exp = claim.equals("exp") ? "" : ",\"exp\":1700009999";
    var token = FORGE.claims("{\"aud\":\"switchboard\",\"" + claim + "\":" + seconds + exp + "}");
    var now = Instant.ofEpochSecond(1_700_000_000L).plusMillis(millisLater);
    var verifier = new TokenVerifier(vertx, config(FORGE.key("")), InstantSource.fixed(now));

    // When
    var outcome = verifier.verifyConnection(token);

    // Then
    assertThat(outcome)
        .isInstanceOf(good ? TokenOutcome.Granted.class : TokenOutcome.Expired.class);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1800000600, 1800000600", "1800000010.7, 1800000010"})
  void letsExpireAtOverrideExp(String expireAt, long expected) {
    // When
    var grant = granted(claims("\"expire_at\":" + expireAt));

    // Then
    assertThat(grant.expireAt()).isEqualTo(expected);
  }

  @Test
  void saysExpiredOnlyWhenAllElseIsGood() {
    // Given
    var verifier = verifier(vertx, FORGE.key(""));

    // When
    var expired = verifier.verifyConnection(FORGE.claims("{\"aud\":\"switchboard\",\"exp\":1}"));
    var wrongToo = verifier.verifyConnection(FORGE.claims("{\"aud\":\"other\",\"exp\":1}"));

    // Then
    assertThat(expired).isEqualTo(new TokenOutcome.Expired<ConnectionGrant>());
    assertThat(wrongToo).isInstanceOf(TokenOutcome.Refused.class);
  }

  @ParameterizedTest
  @CsvSource({
    "'{}', true", "'{\"aud\":\"switchboard\"}', true", "'{\"aud\":[\"a\",\"switchboard\"]}', true",
    "'{\"aud\":\"other\"}', false", "'{\"aud\":null}', false", "'{\"iss\":\"me\"}', true"
  })
  void demandsLessWhenToldSo(String claims, boolean good) {
    // Given
    var lax = config(false, false, "", FORGE.key(""));
    var verifier = new TokenVerifier(vertx, lax, InstantSource.fixed(NOW));

    // When
    var outcome = verifier.verifyConnection(FORGE.claims(claims));

    // Then
    assertThat(outcome)
        .isInstanceOf(good ? TokenOutcome.Granted.class : TokenOutcome.Refused.class);
  }

  @ParameterizedTest
  @CsvSource({"'\"iss\":\"me\"', true", "'\"iss\":\"Me\"', false", "'\"x\":1', false"})
  void comparesTheIssuerExactly(String claim, boolean good) {
    // Given
    var strict = config(true, true, "me", FORGE.key(""));
    var verifier = new TokenVerifier(vertx, strict, InstantSource.fixed(NOW));

    // When
    var outcome = verifier.verifyConnection(claims(claim));

    // Then
    assertThat(outcome)
        .isInstanceOf(good ? TokenOutcome.Granted.class : TokenOutcome.Refused.class);
  }

  @Test
  void picksAmongSeveralKeysByIdAlone() {
    // Given
    var rsa = TokenForge.of("RS256");
    var curve = TokenForge.of("ES256");
    var verifier = verifier(vertx, rsa.key("r"), curve.key("e"));

    // When
    var right = List.of(rsa.header("\"kid\":\"r\""), curve.header("\"kid\":\"e\""));
    var wrong =
        List.of(
            rsa.header("\"kid\":\"e\""),
            curve.header("\"kid\":\"r\""),
            rsa.header("\"typ\":\"JWT\""),
            curve.header("\"kid\":\"x\""));

    // Then
    assertThat(right)
        .allSatisfy(
            token ->
                assertThat(verifier.verifyConnection(token))
                    .isInstanceOf(TokenOutcome.Granted.class));
    assertThat(wrong)
        .allSatisfy(
            token ->
                assertThat(verifier.verifyConnection(token))
                    .isInstanceOf(TokenOutcome.Refused.class));
  }

  @Test
  void refusesEverythingWithoutKeys() {
    // Given
    var verifier = verifier(vertx);
    var unsigned = TokenForge.base64("{\"alg\":\"none\"}") + "." + TokenForge.base64("{}");

    // When
    var outcomes =
        List.of(
            verifier.verifyConnection(claims("\"sub\":\"u\"")),
            verifier.verifyConnection(unsigned),
            verifier.verifyConnection(unsigned + "."),
            verifier.verifyConnection(unsigned + ".AAAA"),
            verifier.verifyConnection(null));

    // Then
    assertThat(outcomes).allMatch(outcome -> outcome instanceof TokenOutcome.Refused);
  }

  @ParameterizedTest
  @CsvSource({
    "HS256, '', the shared secret is empty",
    "HS256, '-----BEGIN PUBLIC KEY-----', PEM",
    "RS256, canary, expected PEM",
    "RS256, '-----BEGIN PUBLIC KEY-----canary-----END PUBLIC KEY-----', no RSA public key",
    "RS256, '-----BEGIN PRIVATE KEY-----canary-----END PRIVATE KEY-----', private key",
    "none, canary, not supported",
    "hs256, canary, not supported",
    "ES256K, canary, not supported"
  })
  void namesTheKeyThatCannotBeUsed(String algorithm, String pem, String problem) {
    // Given
    var key = new GatewayConfig.Key("my-key", algorithm, new Secret(pem));

    // When
    var thrown = assertThatThrownBy(() -> verifier(vertx, key));

    // Then
    thrown
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"my-key\"")
        .hasMessageContaining(problem)
        .hasMessageNotContaining("canary");
  }

  @Test
  void refusesKeysThatDoNotFitTheirAlgorithm() {
    // Given
    var curve = new Secret(TokenForge.of("ES384").publicPem());
    var rsa = new Secret(TokenForge.of("RS256").publicPem());

    // When
    var mismatches =
        List.of(
            new GatewayConfig.Key("k", "ES256", curve),
            new GatewayConfig.Key("k", "RS256", curve),
            new GatewayConfig.Key("k", "EdDSA", rsa));

    // Then
    assertThat(mismatches)
        .allSatisfy(
            key ->
                assertThatThrownBy(() -> verifier(vertx, key))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"k\""));
  }

  @Test
  void refusesSetsOfKeysThatLeaveAChoiceToTheToken() {
    // When
    var twice = assertThatThrownBy(() -> verifier(vertx, FORGE.key("a"), FORGE.key("a")));
    var unnamed = assertThatThrownBy(() -> verifier(vertx, FORGE.key("a"), FORGE.key("")));

    // Then
    twice.isInstanceOf(IllegalArgumentException.class).hasMessageContaining("twice");
    unnamed.isInstanceOf(IllegalArgumentException.class).hasMessageContaining("id");
  }

  @Test
  void refusesConfigurationThatChecksNothing() {
    // Given
    var noAudience = token("", Duration.ZERO);
    var longSkew = token(AUDIENCE, Duration.ofSeconds(31));

    // When
    var audience = assertThatThrownBy(() -> new TokenVerifier(vertx, noAudience, () -> NOW));
    var skew = assertThatThrownBy(() -> new TokenVerifier(vertx, longSkew, () -> NOW));

    // Then
    audience.isInstanceOf(IllegalArgumentException.class).hasMessageContaining("audience");
    skew.isInstanceOf(IllegalArgumentException.class).hasMessageContaining("skew");
  }

  @Test
  void readsAnIndentedPem() {
    // Given
    var forge = TokenForge.of("ES256");
    var pem = "\n    " + forge.publicPem().replace("\n", "\n    ").replace("\r", "");
    var key = new GatewayConfig.Key("", "ES256", new Secret(pem));

    // When
    var outcome = verifier(vertx, key).verifyConnection(forge.header("\"typ\":\"JWT\""));

    // Then
    assertThat(outcome).isInstanceOf(TokenOutcome.Granted.class);
  }

  private static ConnectionGrant granted(String token) {
    return switch (verifier(vertx, FORGE.key("")).verifyConnection(token)) {
      case TokenOutcome.Granted<ConnectionGrant>(var grant) -> grant;
      case TokenOutcome.Expired<ConnectionGrant>() -> throw new AssertionError("expired");
      case TokenOutcome.Unknown<ConnectionGrant>() -> throw new AssertionError("unknown key");
      case TokenOutcome.Refused<ConnectionGrant>(var reason) -> throw new AssertionError(reason);
    };
  }

  private static String claims(String members) {
    return FORGE.claims("{\"aud\":\"switchboard\",\"exp\":1800000060," + members + "}");
  }

  private static GatewayConfig.Token token(String audience, Duration skew) {
    return new GatewayConfig.Token(
        new Secret(SECRET),
        "HS256",
        List.of(),
        "",
        Duration.ofMinutes(5),
        audience,
        "",
        true,
        true,
        "sub",
        skew,
        8192);
  }
}
