package dev.switchboard.interest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfirmationsTest {
  private final Confirmations confirmations = new Confirmations();
  private final List<String> confirmed = new ArrayList<>();

  private void await(long version, String name) {
    confirmations.await(version, () -> confirmed.add(name));
  }

  @Test
  void confirmsInOrderUpToTheFloor() {
    // Given
    await(1, "a");
    await(1, "b");
    await(2, "c");
    await(3, "d");

    // When
    confirmations.advance(2);

    // Then
    assertThat(confirmed).containsExactly("a", "b", "c");
    assertThat(confirmations.size()).isOne();
  }

  @Test
  void confirmsOnceAndNeverAtOnce() {
    // Given
    confirmations.advance(5);
    await(5, "a");
    var early = List.copyOf(confirmed);

    // When
    confirmations.advance(5);
    confirmations.advance(6);

    // Then
    assertThat(early).isEmpty();
    assertThat(confirmed).containsExactly("a");
  }

  @Test
  void waitsAgainWhenTheFloorFalls() {
    // Given
    confirmations.advance(5);
    await(5, "a");

    // When
    confirmations.advance(4);

    // Then
    assertThat(confirmed).isEmpty();
  }

  @Test
  void keepsTheOrderWhenAConfirmedOneGoesOn() {
    // Given
    confirmations.await(
        1,
        () -> {
          confirmed.add("first");
          await(1, "third");
          await(2, "fourth");
          confirmations.advance(2);
          confirmed.add("end of first");
        });
    await(1, "second");

    // When
    confirmations.advance(1);

    // Then
    assertThat(confirmed).containsExactly("first", "end of first", "second", "third", "fourth");
  }

  @Test
  void goesOnAfterOneThatThrows() {
    // Given
    confirmations.await(
        1,
        () -> {
          throw new IllegalStateException("broken");
        });
    await(1, "a");

    // When
    assertThatThrownBy(() -> confirmations.advance(1)).hasMessage("broken");
    confirmations.advance(1);

    // Then
    assertThat(confirmed).containsExactly("a");
  }
}
