package dev.switchboard.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoopLagTest {
  private static final Duration MOST = Duration.ofMillis(500);

  private static LoopLag late(LoopLag lag, int beats, Duration each) {
    for (int beat = 0; beat < beats; beat++) {
      lag.onTick(each.toNanos());
    }
    return lag;
  }

  @Test
  void oneLongPauseClosesNoDoor() {
    assertThat(late(new LoopLag(MOST), 1, Duration.ofSeconds(3)).isTooLong()).isFalse();
  }

  @Test
  void aLoopThatIsLateForSecondsTakesNoMore() {
    assertThat(late(new LoopLag(MOST), 8, Duration.ofSeconds(1)).isTooLong()).isTrue();
  }

  @Test
  void aLoopThatIsInTimeAgainTakesMore() {
    // Given
    var lag = late(new LoopLag(MOST), 20, Duration.ofSeconds(1));

    // When
    late(lag, 8, Duration.ZERO);

    // Then
    assertThat(lag.isTooLong()).isFalse();
  }

  @Test
  void withoutALimitItMayBeAsLateAsItIs() {
    assertThat(late(new LoopLag(Duration.ZERO), 100, Duration.ofMinutes(1)).isTooLong()).isFalse();
  }
}
