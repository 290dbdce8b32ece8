package dev.switchboard.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.faults.referee.Fact;
import dev.switchboard.faults.referee.Referee;
import dev.switchboard.faults.referee.Verdict;
import dev.switchboard.stream.Position;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static RoundResult round(int number, Verdict verdict, Duration... recoveries) {
    return new RoundResult(
        Scenario.KILL9_ONE,
        number,
        Map.of(RoundResult.Step.BACK, Duration.ofMillis(1_500)),
        Map.of(3001, 2L),
        new Tally(3, 6, 0, 0, 0, 0, 0, 7),
        verdict,
        List.of(recoveries),
        Noise.NONE,
        List.of());
  }

  private static Verdict verdict() {
    var referee = new Referee();
    referee.hear(new Fact.Attempt(1, "p", "k", 1, "kept:a", "h"));
    referee.hear(new Fact.Stored(1, "k", 1, "kept:a", new Position("e", 1)));
    return referee.verdict();
  }

  @Test
  void percentilesAreExact() {
    // Given
    var times = LongStream.rangeClosed(1, 200).mapToObj(each -> Duration.ofMillis(each * 10));

    // When
    var percentiles = new Percentiles(times.toList().reversed());

    // Then
    assertThat(percentiles.text()).isEqualTo("p50 1.00 s, p99 1.98 s, max 2.00 s of 200");
    assertThat(new Percentiles(List.of()).text()).isEqualTo("none");
  }

  @Test
  void roundsAreAddedUp() {
    // Given
    var rounds =
        List.of(
            round(1, verdict(), Duration.ofSeconds(1)),
            round(2, verdict(), Duration.ofSeconds(3)),
            round(3, Verdict.NONE));

    // When
    String text = new Report(rounds).text();

    // Then
    assertThat(text)
        .contains("p50 1.00 s, p99 3.00 s, max 3.00 s of 2")
        .contains("3 rounds, 0 failed")
        .containsPattern("acked lost +\\| +0 \\| +2 \\|");
    assertThat(Report.sum(rounds)).isEqualTo(new Tally(9, 18, 0, 0, 0, 0, 0, 7));
  }

  @Test
  void roundsWithoutStreamsSaySo() {
    assertThat(new Report(List.of(round(1, Verdict.NONE))).text())
        .contains("No streams took part.");
  }
}
