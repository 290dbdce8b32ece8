package dev.switchboard.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MovesTest {
  private static Session session(String client, long wholeAt, long endedAt) {
    var session = new Session(client, client + wholeAt);
    session.subscribed("a", wholeAt - 5);
    session.subscribed("b", wholeAt);
    if (endedAt != Session.NEVER) {
      session.end(endedAt, 3001);
    }
    return session;
  }

  @Test
  void movesAreCountedAndTimed() {
    // Given
    var sessions =
        List.of(
            session("one", 10, 100),
            session("two", 10, 150),
            session("three", 10, Session.NEVER),
            session("one", 200, 300),
            session("two", 250, Session.NEVER),
            session("one", 310, Session.NEVER));

    // When
    var moves = Moves.of(sessions);

    // Then
    assertThat(moves.perClient()).isEqualTo(Map.of(0, 1L, 1, 1L, 2, 1L));
    assertThat(moves.max()).isEqualTo(2);
    assertThat(moves.shareUpTo(1)).isEqualTo(2 / 3.0, within(1e-9));
    assertThat(moves.pauses().times())
        .containsExactly(Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofMillis(100));
    assertThat(moves.atOnceMax()).isEqualTo(2);
  }

  @Test
  void whoDidNotComeBackIsWithoutASessionForGood() {
    // Given
    var sessions = List.of(session("one", 10, 100), session("two", 10, 900));

    // When
    var moves = Moves.of(sessions);

    // Then
    assertThat(moves.pauses().times()).isEmpty();
    assertThat(moves.atOnceMax()).isEqualTo(2);
  }
}
