package dev.switchboard.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The public id of a session and its wire form.
class ClientIdTest {
  @Property
  void comesBackFromItsWireForm(
      @ForAll long incarnation,
      @ForAll @IntRange(max = 255) int loop,
      @ForAll int slot,
      @ForAll long key) {
    // Given
    var id = new ClientId(incarnation, loop, slot, key);

    // When
    var text = id.toString();

    // Then
    assertThat(text).hasSize(28).matches("[A-Za-z0-9_-]+");
    assertThat(ClientId.parse(text)).contains(id);
  }

  @Test
  void hasAFixedLayout() {
    // When
    var text = new ClientId(1, 2, 3, 4).toString();

    // Then
    assertThat(text).isEqualTo("AAAAAAAAAAECAAAAAwAAAAAAAAAE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "AAAAAAAAAAECAAAAAwAAAAAAAAA",
        "AAAAAAAAAAECAAAAAwAAAAAAAAAEA",
        "AAAAAAAAAAECAAAAAwAAAAAAAA==",
        "AAAAAAAAAAECAAAAAwAAAAAAAAA=",
        "AAAAAAAAAAECAAAAAwAAAAAAAA+/",
        "AAAAAAAAAAECAAAAAwAAAAAAAA E",
        "AAAAAAAAAAECAAAAAwAAAAAAAAAé",
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
      })
  void refusesWhatNoNodeIssued(String text) {
    assertThat(ClientId.parse(text)).isEmpty();
  }

  @Property
  void refusesOrRepeatsAnyText(@ForAll String text) {
    // When
    var id = ClientId.parse(text);

    // Then
    assertThat(id.map(ClientId::toString).orElse(text)).isEqualTo(text);
  }
}
