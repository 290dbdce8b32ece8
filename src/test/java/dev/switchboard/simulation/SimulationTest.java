package dev.switchboard.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.simulation.Schedule.Outcome;
import dev.switchboard.simulation.Tally.Count;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final long SEEDS = 300;

  @Test
  void noScheduleViolatesAnInvariant() {
    // When
    List<Outcome> outcomes =
        LongStream.rangeClosed(1, SEEDS)
            .parallel()
            .mapToObj(seed -> Simulation.told(seed, Planted.NOTHING))
            .toList();

    // Then
    assertThat(outcomes)
        .filteredOn(outcome -> outcome.violation() != null)
        .extracting(Simulation::report)
        .isEmpty();
    var total = new Tally();
    outcomes.forEach(outcome -> total.add(outcome.tally()));
    assertThat(Count.values())
        .as("all of it happened")
        .allSatisfy(count -> assertThat(total.count(count)).as(count.name()).isPositive());
  }

  @Test
  void aSeedIsAlwaysTheSameSchedule() {
    // When
    Outcome first = Schedule.run(7, Planted.NOTHING, Trace.lastLines());
    Outcome second = Schedule.run(7, Planted.NOTHING, Trace.lastLines());

    // Then
    assertThat(second.story()).isEqualTo(first.story());
    assertThat(second.tally().count(Count.STEPS)).isEqualTo(first.tally().count(Count.STEPS));
  }
}
