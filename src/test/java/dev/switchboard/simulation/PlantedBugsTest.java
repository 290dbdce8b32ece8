package dev.switchboard.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlantedBugsTest {
  private static final long SEEDS = 100;

  @ParameterizedTest
  @CsvSource({
    "NO_DEDUPLICATION, ONCE_IN_ORDER",
    "NO_FENCING, NO_STALE_INCARNATION",
    "REPLY_BEFORE_INTEREST, SUBSCRIBE_REPLY_RULE",
    "NO_LEAVE, PRESENCE_CONVERGES"
  })
  void aPlantedBugIsFound(Planted bug, Invariant violated) {
    // When
    boolean found =
        LongStream.rangeClosed(1, SEEDS)
            .mapToObj(seed -> Schedule.run(seed, bug, Trace.off()).violation())
            .anyMatch(violation -> violation != null && violation.invariant() == violated);

    // Then
    assertThat(found).isTrue();
  }
}
