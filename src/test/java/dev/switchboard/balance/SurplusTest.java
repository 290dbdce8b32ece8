package dev.switchboard.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SurplusTest {
  private final Surplus surplus = new Surplus(5);

  @ParameterizedTest
  @CsvSource({
    // After a third node came to two.
    "3000, 3000, 0, 1000",
    "0, 3000, 3000, 0",
    // Somebody has too few, whoever has too many.
    "2100, 2100, 1800, 100",
    // Within the tolerance.
    "20900, 19600, 19500, 0",
    "21100, 19500, 19400, 1100",
    // By chance: three times the root of the mean.
    "129, 90, 81, 0",
    "131, 90, 79, 31",
    "3, 0, 0, 0"
  })
  void whatIsAboveTheMeanIsShed(long own, long second, long third, int shed) {
    assertThat(surplus.of(own, List.of(second, third))).isEqualTo(shed);
  }

  @Test
  void aNodeAloneKeepsAll() {
    assertThat(surplus.of(1_000_000, List.of())).isZero();
  }

  @Property
  void nobodyShedsBelowTheMean(
      @ForAll @IntRange(max = 100_000) int own,
      @ForAll @Size(min = 1, max = 9) List<@IntRange(max = 100_000) Integer> others) {
    // Given
    var counts = others.stream().map(Integer::longValue).toList();
    double mean =
        (own + others.stream().mapToLong(Integer::longValue).sum()) / (others.size() + 1.0);

    // When
    int shed = surplus.of(own, counts);

    // Then
    assertThat(own - shed).isGreaterThanOrEqualTo((int) Math.min(own, mean));
  }

  /// Clients that are moved come back anywhere, also to whom they left.
  @Property(tries = 50)
  void aNewNodeFillsUpWhereverClientsComeBack(@ForAll long seed) {
    // Given
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<Long> counts = new ArrayList<>(List.of(3_000L, 3_000L, 0L));

    // When
    for (int look = 0; look < 24; look++) {
      round(counts, 250, random);
    }

    // Then
    assertThat(counts).allSatisfy(count -> assertThat(count).isBetween(1_800L, 2_200L));
    assertThat(counts.stream().mapToLong(Long::longValue).sum()).isEqualTo(6_000);
  }

  private void round(List<Long> counts, int atOnce, RandomGenerator random) {
    List<Long> before = List.copyOf(counts);
    for (int node = 0; node < before.size(); node++) {
      List<Long> others = new ArrayList<>(before);
      others.remove(node);
      int shed = Math.min(surplus.of(before.get(node), others), atOnce);
      counts.set(node, counts.get(node) - shed);
      for (int client = 0; client < shed; client++) {
        int to = random.nextInt(counts.size());
        counts.set(to, counts.get(to) + 1);
      }
    }
  }
}
