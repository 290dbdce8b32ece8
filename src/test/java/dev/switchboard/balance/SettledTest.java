package dev.switchboard.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class SettledTest {
  private static final Set<String> TWO = Set.of("a", "b");

  // Monotonic time may be anything at the start.
  private static final long START = Long.MAX_VALUE - 5;

  private final Settled settled = new Settled(10, START);

  @Test
  void theSameNodesForThePeriodAreSettled() {
    // Given
    settled.onLook(TWO, true, START);

    // When
    boolean early = settled.onLook(TWO, true, START + 9);
    boolean inTime = settled.onLook(TWO, true, START + 10);

    // Then
    assertThat(early).isFalse();
    assertThat(inTime).isTrue();
  }

  @Test
  void whoeverComesBeginsThePeriodAgain() {
    // Given
    settled.onLook(TWO, true, START);

    // When
    boolean joined = settled.onLook(Set.of("a", "b", "c"), true, START + 10);
    boolean after = settled.onLook(Set.of("a", "b", "c"), true, START + 20);

    // Then
    assertThat(joined).isFalse();
    assertThat(after).isTrue();
  }

  @Test
  void whileSomebodyDrainsNothingIsSettled() {
    // Given
    settled.onLook(TWO, true, START);

    // When
    boolean draining = settled.onLook(Set.of("a"), false, START + 10);
    boolean still = settled.onLook(Set.of("a"), false, START + 30);
    boolean gone = settled.onLook(Set.of("a"), true, START + 39);

    // Then
    assertThat(draining).isFalse();
    assertThat(still).isFalse();
    assertThat(gone).as("the period begins when nobody drains any more").isFalse();
    assertThat(settled.onLook(Set.of("a"), true, START + 40)).isTrue();
  }
}
