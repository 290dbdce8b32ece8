package dev.switchboard.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsualTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"id", "connect", "subscribe", "publish", "channel", "data", "presence_stats"})
  void findsANameAndNothingThatOnlyLooksLikeIt(String name) {
    // Given
    byte[] bytes = ("\"" + name + "\"").getBytes(UTF_8);
    byte[] other = bytes.clone();
    other[name.length() / 2 + 1] ^= 1;

    // Then
    assertThat(UsualText.name(bytes, 1, bytes.length - 1)).isEqualTo(name);
    assertThat(UsualText.name(other, 1, bytes.length - 1)).isNull();
    assertThat(UsualText.name(bytes, 0, bytes.length)).isNull();
    assertThat(UsualText.name(bytes, 1, 1)).isNull();
  }

  @Property
  void findsOnlyWhatIsThere(@ForAll byte[] bytes) {
    // When
    String found = UsualText.name(bytes, 0, bytes.length);

    // Then
    assertThat(found == null || found.equals(new String(bytes, UTF_8))).isTrue();
  }
}
