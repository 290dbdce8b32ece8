package dev.switchboard.faults;

import dev.switchboard.faults.referee.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What one round showed. Times are empty when it did not happen, or not in time.
///
/// @param times how long each step took
/// @param codes how often which code ended a session
/// @param verdict of the referee on streams since the last round
/// @param recoveries from the fault until a client that was hurt was whole again, each
/// @param noise of all nodes
/// @param failures what was not as it must be; none is good
record RoundResult(
    Scenario scenario,
    int round,
    Map<Step, Duration> times,
    Map<Integer, Long> codes,
    Tally tally,
    Verdict verdict,
    List<Duration> recoveries,
    Noise noise,
    List<String> failures) {
  /// What is timed.
  enum Step {
    /// From the fault: the others' `info` shows the rest only.
    DETECTED(Duration.ZERO),
    /// From detection: no route and no presence of the victims is left.
    GONE(Duration.ofSeconds(2)),
    /// From the fault, or from its end when it left the sockets open: every client subscribed anew.
    RECONNECTED(Duration.ofSeconds(30)),
    /// From the end of the fault: ready, and in `info` of all.
    BACK(Duration.ofSeconds(30)),
    /// From then: every node knows of every other exactly what that one says of itself.
    EQUAL(Duration.ofSeconds(10)),
    /// Afterwards: what is published on any node has reached every subscriber on any other.
    REACHED(Duration.ofSeconds(5)),
    /// Beside it: every subscriber of a stream is at its end, of which all nodes say the same.
    LEVEL(Duration.ofSeconds(15));

    private final Duration limit;

    Step(Duration limit) {
      this.limit = limit;
    }

    /// How long it may take; detection's is the scenario's.
    Duration limit(Scenario scenario) {
      return this == DETECTED ? scenario.detected().orElse(limit) : limit;
    }
  }

  /// A round that could not begin.
  static RoundResult notBegun(Scenario scenario, int round, String reason) {
    return new RoundResult(
        scenario,
        round,
        Map.of(),
        Map.of(),
        Tally.NONE,
        Verdict.NONE,
        List.of(),
        Noise.NONE,
        List.of(reason));
  }

  boolean passed() {
    return failures.isEmpty();
  }

  /// The time of a step.
  Optional<Duration> timeOf(Step step) {
    return Optional.ofNullable(times.get(step));
  }

  /// The time of a step, such as `0.42 s`.
  String time(Step step) {
    return timeOf(step).map(time -> "%.2f s".formatted(time.toMillis() / 1e3)).orElse("-");
  }
}
