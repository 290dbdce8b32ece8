package dev.switchboard.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.simulation.Schedule.Outcome;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlantedBugsTest {
  private static final long SEEDS = 60;

  @ParameterizedTest
  @CsvSource({
    "NO_DEDUPLICATION, ONCE_IN_ORDER",
    "NO_FENCING, NO_STALE_INCARNATION",
    "REPLY_BEFORE_INTEREST, SUBSCRIBE_REPLY_RULE"
  })
  void aPlantedBugIsFound(Planted bug, Invariant violated) {
    // When
    List<Violation> found =
        LongStream.rangeClosed(1, SEEDS)
            .parallel()
            .mapToObj(seed -> Schedule.run(seed, bug, Trace.off()))
            .map(Outcome::violation)
            .filter(Objects::nonNull)
            .toList();

    // Then
    assertThat(found).extracting(Violation::invariant).contains(violated);
  }
}
