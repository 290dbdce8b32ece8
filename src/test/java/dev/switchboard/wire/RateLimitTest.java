package dev.switchboard.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitTest {
  private final RateLimit limit = new RateLimit(10, 50);

  private long takeAt(long state, int nowMillis, int times) {
    long current = state;
    for (int use = 0; use < times; use++) {
      current = limit.take(current, nowMillis);
    }
    return current;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1_000, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void aBurstIsAllowedAndNotOneMore(int now) {
    // Given
    long full = limit.full(now);

    // When
    long used = takeAt(full, now, 50);

    // Then
    assertThat(limit.allowed(used)).isTrue();
    assertThat(limit.allowed(limit.take(used, now))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, Integer.MAX_VALUE - 50, Integer.MAX_VALUE, -100})
  void aTokenFlowsInAfterItsTimeEvenWhenTheClockWraps(int now) {
    // Given
    long empty = takeAt(limit.full(now), now, 50);

    // When
    long early = limit.take(empty, now + 99);
    long inTime = limit.take(empty, now + 100);

    // Then
    assertThat(limit.allowed(early)).isFalse();
    assertThat(limit.allowed(inTime)).isTrue();
  }

  @Test
  void theBucketNeverHoldsMoreThanTheBurst() {
    // Given
    long rested = limit.take(limit.full(0), 1_000_000);

    // When
    long used = takeAt(rested, 1_000_000, 49);

    // Then
    assertThat(limit.allowed(used)).isTrue();
    assertThat(limit.allowed(limit.take(used, 1_000_000))).isFalse();
  }

  @Test
  void goingOnAfterTheRefusalExhaustsIt() {
    // Given
    long refused = takeAt(limit.full(0), 0, 51);
    assertThat(limit.exhausted(refused)).isFalse();

    // When
    long hostile = takeAt(refused, 0, 49);

    // Then
    assertThat(limit.exhausted(hostile)).isTrue();
    assertThat(limit.exhausted(takeAt(hostile, 0, 1_000))).isTrue();
    assertThat(limit.allowed(limit.take(hostile, 10_000))).isTrue();
  }

  @Test
  void aClockThatStandsStillOrGoesBackGivesNothing() {
    // Given
    long empty = takeAt(limit.full(1_000), 1_000, 50);

    // When
    long back = limit.take(empty, 500);

    // Then
    assertThat(limit.allowed(back)).isFalse();
  }

  @Property
  void nobodyGetsMoreThanBurstPlusRate(
      @ForAll @IntRange(min = 1, max = 1_000) int perSecond,
      @ForAll @IntRange(min = 1, max = 1_000) int burst,
      @ForAll int start,
      @ForAll @Size(max = 200) List<@IntRange(max = 500) Integer> pauses) {
    // Given
    var any = new RateLimit(perSecond, burst);
    long state = any.full(start);
    long elapsed = 0;
    long allowed = 0;

    // When
    for (int pause : pauses) {
      elapsed += pause;
      state = any.take(state, start + (int) elapsed);
      allowed += any.allowed(state) ? 1 : 0;
    }

    // Then
    assertThat(allowed).isLessThanOrEqualTo(burst + elapsed * perSecond / 1_000);
  }
}
