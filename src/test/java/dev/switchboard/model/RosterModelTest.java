package dev.switchboard.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Of one roster never two are decided to follow: in all states of a few processes.
class RosterModelTest {
  private static final long STATES_MAX = 800_000;

  @Test
  void noTwoRostersFollowOne() {
    // Given
    var model = new RosterModel(2, 1, 2, 0, Votes.RIGHT);

    // When
    Explorer.Result result = new Explorer<>(model, STATES_MAX, _ -> {}).explore();

    // Then
    assertThat(result.violation()).as(result.toString()).isEmpty();
    assertThat(result.complete()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RIGHT")
  void aMistakeIsFound(Votes planted) {
    // Given
    boolean joins = planted.ordinal() < Votes.READS_NOTHING.ordinal();
    int restarts = planted == Votes.VOTES_AFTER_RESTART ? 1 : 0;
    var model = new RosterModel(3, joins ? 2 : 0, 2, restarts, planted);

    // When
    Explorer.Result result = new Explorer<>(model, STATES_MAX, _ -> {}).explore();

    // Then
    assertThat(result.violation()).as(result.toString()).isPresent();
  }
}
