package dev.switchboard.token;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.switchboard.auth.Capability.Right;
import dev.switchboard.auth.ConnectionGrant;
import dev.switchboard.auth.SubscriptionGrant;
import dev.switchboard.auth.TokenOutcome;
import dev.switchboard.testkit.Execution;
import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// Tokens that are somewhat wrong, and any header and claims with a signature that is right.
///
/// The first byte of an input says whether what follows is a token, or a header, a line feed and
/// claims that are signed here.
class TokenFuzzTest {
  private static final byte SIGNED = 1;
  private static final TokenForge FORGE = TokenForge.of("HS256");

  /// Names of the largest size that clients may choose, for patterns that look for much.
  private static final List<String> CHANNELS =
      List.of("rooms:" + "a".repeat(248) + "!", "rooms:" + ":".repeat(249));

  private static Vertx vertx;
  private static TokenVerifier unnamed;
  private static TokenVerifier named;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    unnamed = TokenForge.verifier(vertx, FORGE.key(""));
    named = TokenForge.verifier(vertx, FORGE.key("main"), TokenForge.of("ES256").key("other"));
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  @FuzzTest
  void tokens(byte[] input) throws Exception {
    Execution.watch(input, TokenFuzzTest::take);
  }

  /// Inputs to start from.
  static Map<String, byte[]> seeds() {
    String header = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}\n";
    String times = "{\"aud\":\"switchboard\",\"exp\":1800000060";
    Map<String, String> claims = new LinkedHashMap<>();
    claims.put("claims", TokenForge.CLAIMS);
    claims.put("expired", TokenForge.CLAIMS.replace("0060", "0.5e0"));
    claims.put("channels", times + ",\"nbf\":1,\"channels\":[\"a\",\"b\"]}");
    claims.put("subs", times + ",\"subs\":{\"a\":{\"info\":1,\"override\":{}}},\"iat\":1.5}");
    claims.put("meta", times + ",\"meta\":{\"a\":[1]},\"data\":{},\"sub\":\"u\"}");
    claims.put("subscription", times + ",\"channel\":\"a\",\"b64info\":\"e30=\"}");
    claims.put("wildcards", times + caps("wildcard", "rooms:*"));
    claims.put("dear-wildcards", times + caps("wildcard", "rooms:*:*:*:*:x"));
    claims.put("regex", times + caps("regex", "a+b?[c]{2,3}"));
    claims.put("dear-regex", times + caps("regex", "rooms:(a|aa)+(a+)+b"));
    claims.put("large-regex", times + caps("regex", "((a{10}){10}){9}"));
    Map<String, byte[]> seeds = new LinkedHashMap<>();
    seeds.put("good", input(0, FORGE.claims(TokenForge.CLAIMS)));
    seeds.put("named", input(0, FORGE.header("\"kid\":\"main\"")));
    seeds.put(
        "named-claims",
        input(SIGNED, "{\"alg\":\"HS256\",\"kid\":\"main\"}\n" + TokenForge.CLAIMS));
    claims.forEach((name, text) -> seeds.put(name, input(SIGNED, header + text)));
    return seeds;
  }

  private static String caps(String match, String channels) {
    return ",\"caps\":[{\"match\":\"%s\",\"channels\":[\"%s\"],\"allow\":[\"sub\"]}]}"
        .formatted(match, channels);
  }

  private static byte[] input(int choice, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    byte[] input = new byte[1 + bytes.length];
    input[0] = (byte) choice;
    System.arraycopy(bytes, 0, input, 1, bytes.length);
    return input;
  }

  private static void take(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] rest = Arrays.copyOfRange(input, 1, input.length);
    String token = input[0] == SIGNED ? signed(rest) : new String(rest, ISO_8859_1);
    for (TokenVerifier verifier : new TokenVerifier[] {unnamed, named}) {
      check(token, verifier.verifyConnection(token));
      check(token, verifier.verifySubscription(token));
    }
  }

  private static String signed(byte[] parts) {
    int end = 0;
    while (end < parts.length && parts[end] != '\n') {
      end++;
    }
    byte[] claims = Arrays.copyOfRange(parts, Math.min(end + 1, parts.length), parts.length);
    return FORGE.signed(Arrays.copyOf(parts, end), claims);
  }

  private static void check(String token, TokenOutcome<?> outcome) {
    switch (outcome) {
      case TokenOutcome.Refused<?>(var reason) ->
          assertThat(reason).isNotBlank().doesNotContain("canary");
      case TokenOutcome.Unknown<?>() -> throw new AssertionError("nobody has keys to fetch");
      case TokenOutcome.Expired<?>() -> checkSignature(token);
      case TokenOutcome.Granted<?>(var grant) -> {
        checkSignature(token);
        checkGrant(grant);
      }
    }
  }

  private static void checkSignature(String token) {
    assertThat(FORGE.sealed(token.substring(0, token.lastIndexOf('.')))).isEqualTo(token);
  }

  private static void checkGrant(Object grant) {
    if (grant instanceof ConnectionGrant(var principal, long expireAt, var channels, _)) {
      assertThat(expireAt).isNotNegative();
      assertThat(channels.keySet()).allMatch(TokenFuzzTest::isName);
      checkUser(principal.user());
      for (Right right : Right.values()) {
        CHANNELS.forEach(channel -> principal.may(right, channel));
      }
    } else if (grant instanceof SubscriptionGrant one) {
      assertThat(one.terms().expireAt()).isNotNegative();
      assertThat(one.channel()).matches(TokenFuzzTest::isName);
      checkUser(one.user());
    }
  }

  private static void checkUser(String user) {
    assertThat(user.isEmpty() || isName(user)).isTrue();
    assertThat(user.getBytes(UTF_8).length).isLessThanOrEqualTo(255);
  }

  private static boolean isName(String text) {
    return !text.isEmpty()
        && text.chars().noneMatch(Character::isISOControl)
        && new String(text.getBytes(UTF_8), UTF_8).equals(text);
  }
}
