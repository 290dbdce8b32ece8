package dev.switchboard.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.auth.Capability.Right;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which channels the claim `caps` is about. That no name is dear is in `TokenFuzzTest`.
class CapabilityTest {
  private static Principal principal(String match, String... channels) throws RefusedException {
    var claims = new JsonObject();
    var capability = new JsonObject().put("match", match).put("allow", new JsonArray().add("sub"));
    capability.put("channels", new JsonArray(List.of(channels)));
    claims.put("caps", new JsonArray().add(capability));
    JsonClaims read = JsonClaims.parse(claims.toBuffer().getBytes());
    return GrantReader.connection(read, "sub", 0).principal();
  }

  @ParameterizedTest
  @CsvSource({
    "'', news, news, true",
    "'', new*, news, false",
    "wildcard, news, news, true",
    "wildcard, news, newsx, false",
    "wildcard, *, '', true",
    "wildcard, *, news, true",
    "wildcard, new*, news, true",
    "wildcard, new*, new, true",
    "wildcard, new*, ne, false",
    "wildcard, *ws, news, true",
    "wildcard, *ws, ws, true",
    "wildcard, *ws, wsx, false",
    "wildcard, n*s, ns, true",
    "wildcard, n*s, n, false",
    "wildcard, ab*ba, aba, false",
    "wildcard, ab*ba, abba, true",
    "wildcard, a*b*c, aXbYc, true",
    "wildcard, a*b*c, abc, true",
    "wildcard, a*b*c, acb, false",
    "wildcard, a*bc*c, abc, false",
    "wildcard, a*bc*c, abcc, true",
    "wildcard, a**c, abc, true",
    "wildcard, a.c*, abc, false",
    "wildcard, a?c*, a?cd, true",
    "regex, a.c, abc, true",
    "regex, a.c, abcd, false",
    "regex, 'room:[0-9]{1,3}', room:123, true",
    "regex, 'room:[0-9]{1,3}', room:1234, false",
    "regex, room:2024-.*, room:2024-1, true",
  })
  void aChannelIsMeantByItsWholeName(String match, String pattern, String channel, boolean meant)
      throws RefusedException {
    // When
    Principal principal = principal(match, pattern);

    // Then
    assertThat(principal.may(Right.SUBSCRIBE, channel)).isEqualTo(meant);
    assertThat(principal.may(Right.PUBLISH, channel)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "(", "a{2000}", "(?=a)", "(a{100}){101}", "((a{50}){50}){50}"})
  void whatIsNoExpressionOrTooLargeIsRefused(String expression) {
    assertThatThrownBy(() -> principal("regex", expression))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("caps.channels");
  }

  @Test
  void theExpressionsOfATokenAreBoundedTogether() throws RefusedException {
    assertThat(principal("regex", "a{999}", "b").capabilities()).hasSize(1);
    assertThat(principal("wildcard", "a{999}*".repeat(100)).capabilities()).hasSize(1);
    assertThatThrownBy(() -> principal("regex", "(a{0,100}){0,5}", "a".repeat(3_000)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("too large");
  }
}
