package dev.switchboard.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DrainTest {
  private static final long PERIOD = Duration.ofSeconds(10).toNanos();
  private static final long BEAT = Duration.ofMillis(250).toNanos();
  // Monotonic time may be anything at the start.
  private static final long START = Long.MAX_VALUE - PERIOD / 2;

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void withoutAPeriodAllGoAtOnce() {
    // Given
    var drain = new Drain<>(numbers(100), START, 0, random(1));

    // When
    var due = drain.due(START);

    // Then
    assertThat(due).containsExactlyInAnyOrderElementsOf(numbers(100));
  }

  @Test
  void everyBeatTakesAFairShare() {
    // Given
    var drain = new Drain<>(numbers(4_000), START, PERIOD, random(1));

    // When
    List<Integer> shares = new ArrayList<>();
    for (long now = START + BEAT; now - START <= PERIOD; now += BEAT) {
      shares.add(drain.due(now).size());
    }

    // Then
    assertThat(shares).hasSize(40).allSatisfy(share -> assertThat(share).isBetween(98, 102));
    assertThat(shares.stream().mapToInt(Integer::intValue).sum()).isEqualTo(4_000);
  }

  @Test
  void theOrderIsRandom() {
    // Given
    var one = new Drain<>(numbers(100), START, PERIOD, random(1));
    var other = new Drain<>(numbers(100), START, PERIOD, random(2));

    // When
    var orders = List.of(one.due(START + PERIOD), other.due(START + PERIOD));

    // Then
    assertThat(orders.getFirst()).isNotEqualTo(numbers(100)).isNotEqualTo(orders.getLast());
  }

  @Property
  void eachGoesOnceAndNobodyStaysWhateverTheBeat(
      @ForAll @IntRange(max = 200) int count,
      @ForAll @IntRange(min = 1, max = 3_000) int beatMillis,
      @ForAll long seed) {
    // Given
    var drain = new Drain<>(numbers(count), START, PERIOD, random(seed));
    List<Integer> gone = new ArrayList<>();

    // When
    for (long now = START; now - START < PERIOD; now += beatMillis * 1_000_000L) {
      gone.addAll(drain.due(now));
      // Never ahead of the time that has passed, but for the one whose part has begun.
      assertThat(gone.size() - 1).isLessThanOrEqualTo((int) (count * (now - START) / PERIOD));
    }
    gone.addAll(drain.due(START + PERIOD));

    // Then
    assertThat(gone).containsExactlyInAnyOrderElementsOf(numbers(count));
    assertThat(drain.due(START + 2 * PERIOD)).isEmpty();
  }
}
