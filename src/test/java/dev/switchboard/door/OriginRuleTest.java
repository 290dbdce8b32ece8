package dev.switchboard.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What differs from the plain port with a list, whose matrix is in [Rfc6455HandshakeTest].
class OriginRuleTest {
  @ParameterizedTest
  @CsvSource({
    "https://a.example, a.example, true",
    "https://a.example:443, a.example, true",
    "https://a.example:8443, a.example:8443, true",
    "http://a.example, a.example, false",
    "http://a.example:443, a.example, false",
    "http://a.example:8443, a.example:8443, false"
  })
  void aPlainPageIsForeignToATlsPort(String origin, String host, boolean allowed) {
    // Given
    var rule = new OriginRule(List.of(), true);

    // When // Then
    assertThat(rule.allows(List.of(origin), host)).isEqualTo(allowed);
  }

  @Test
  void aStarLetsEveryPageIn() {
    // Given
    var rule = new OriginRule(List.of("*"), true);

    // When // Then
    assertThat(rule.allows(List.of("http://evil.example"), "a.example")).isTrue();
    assertThat(rule.allows(List.of("null"), "a.example")).isTrue();
  }

  @Test
  void aListIsComparedWithoutRegardToCase() {
    // Given
    var rule = new OriginRule(List.of("https://App.Example"), false);

    // When // Then
    assertThat(rule.allows(List.of("https://app.example"), "a.example")).isTrue();
    assertThat(rule.allows(List.of("https://app.example.evil.example"), "a.example")).isFalse();
  }

  @Test
  void noOriginIsNoPage() {
    // Given
    var rule = new OriginRule(List.of(), true);

    // When // Then
    assertThat(rule.allows(List.of(), "a.example")).isTrue();
    assertThat(rule.allows(List.of("https://a.example", "https://a.example"), "a.example"))
        .isFalse();
  }

  @Test
  void anEmptyHostIsNobodysOrigin() {
    // Given
    var rule = new OriginRule(List.of(), false);

    // When // Then
    assertThat(rule.allows(List.of("http://"), "")).isFalse();
    assertThat(rule.allows(List.of("https://:443"), ":443")).isFalse();
  }
}
