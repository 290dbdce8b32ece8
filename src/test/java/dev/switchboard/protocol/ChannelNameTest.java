package dev.switchboard.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelNameTest {
  @ParameterizedTest
  @CsvSource({
    "c, '', false, false", "n:c, n, false, false", "n:c:d, n, false, false",
    "$n:c, n, true, false", "$c, '', true, false", "$$n:c, $n, true, false",
    "n$:c, n$, false, false", ":c, '', false, false", "$:c, '', true, false",
    "n:, n, false, false", "n:c#1, n, false, true", "#1, '', false, true",
    "a#b:c, a#b, false, true", "'', '', false, false", "$, '', true, false"
  })
  void readsThePunctuation(String text, String namespace, boolean isPrivate, boolean limited) {
    // When
    var name = new ChannelName(text);

    // Then
    assertThat(name.namespace()).isEqualTo(namespace);
    assertThat(name.isPrivate()).isEqualTo(isPrivate);
    assertThat(name.isUserLimited()).isEqualTo(limited);
    assertThat(name).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({
    "d#1, 1, true",
    "'d#1,2', 2, true",
    "'d#1,2', 1, true",
    "'d#1,2', '1,2', false",
    "'d#12', 1, false",
    "d#1#2, 2, true",
    "d#1#2, 1, false",
    "d, d, false",
    "d#, '', false",
    "'d#,', '', false",
    "'d#1,,2', '', false",
    "n:d#1, 1, true",
    "'d#1, 2', 2, false"
  })
  void listsItsUsers(String text, String user, boolean allowed) {
    // When
    var name = new ChannelName(text);

    // Then
    assertThat(name.allowsUser(user)).isEqualTo(allowed);
  }

  @Test
  void keepsChannelsWithOtherPunctuationApart() {
    // Given
    var name = new ChannelName("d#1,2");

    // When
    var swapped = new ChannelName("d#2,1");

    // Then
    assertThat(name).isNotEqualTo(swapped);
  }
}
