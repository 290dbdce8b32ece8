package dev.switchboard.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/// No two payloads at a place, nothing lost without a new epoch: in all states of a small cluster.
class ShardModelTest {
  private static final long STATES_MAX = 1_500_000;
  private static final Arguments[] MISTAKES = {
    arguments(Hands.VIEW_IS_ENOUGH, Scope.RETURNS),
    arguments(Hands.STALE_BACKUP, Scope.RETURNS),
    arguments(Hands.RETURNS_WITH_COPY, Scope.RETURNS),
    arguments(Hands.GIVES_UP_TWICE, Scope.NEWCOMERS),
    arguments(Hands.NOBODY_VOUCHES, Scope.NEWCOMER),
    arguments(Hands.FORGETS_WHAT_IT_CONFIRMED, Scope.MOVES),
    arguments(Hands.KEEPS_ITS_TAIL, Scope.ALL_OF_IT),
    arguments(Hands.EPOCH_REUSED, Scope.EXPIRY),
    arguments(Hands.RENEWS_NOTHING, Scope.LOSSES),
  };

  @ParameterizedTest
  @MethodSource("small")
  void noStateBreaksAPromise(Scope scope) {
    // When
    Explorer.Result result =
        new Explorer<>(scope.model(Hands.RIGHT), STATES_MAX, _ -> {}).explore();

    // Then
    assertThat(result.violation()).as(result.toString()).isEmpty();
    assertThat(result.complete()).isTrue();
  }

  static Stream<Scope> small() {
    return Stream.of(Scope.values()).filter(Scope::isSmall);
  }

  @ParameterizedTest
  @FieldSource("MISTAKES")
  void aMistakeIsFound(Hands planted, Scope scope) {
    // When
    Explorer.Result result = new Explorer<>(scope.model(planted), STATES_MAX, _ -> {}).explore();

    // Then
    assertThat(result.violation()).as(result.toString()).isPresent();
  }
}
