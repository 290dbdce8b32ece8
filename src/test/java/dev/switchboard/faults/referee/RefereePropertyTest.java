package dev.switchboard.faults.referee;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/// Whatever happened: the truth passes, and one lie does not.
///
/// A history is a seed, so there is nothing to shrink.
class RefereePropertyTest {
  private static Verdict judge(List<Fact> facts) {
    var referee = new Referee();
    facts.forEach(referee::hear);
    return referee.verdict();
  }

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void theTruthPasses(@ForAll long seed, @ForAll @IntRange(min = 20, max = 200) int steps) {
    // When
    var verdict = judge(new History(new Random(seed)).live(steps, 3));

    // Then
    assertThat(verdict.failures()).as(verdict.text()).isEmpty();
  }

  @Property(tries = 1_000, shrinking = ShrinkingMode.OFF)
  void oneLieIsFound(
      @ForAll long seed, @ForAll Corruption lie, @ForAll @IntRange(min = 20, max = 100) int steps) {
    // Given
    Random random = new Random(seed);
    List<Fact> facts = new ArrayList<>(new History(random).live(steps, 3));
    Assume.that(lie.plant(facts, random));

    // When
    var verdict = judge(facts);

    // Then
    assertThat(lie.found())
        .as("%s, seed %d, %d steps: %s", lie, seed, steps, verdict.text())
        .anyMatch(rule -> verdict.score(rule).breaches() > 0);
  }
}
