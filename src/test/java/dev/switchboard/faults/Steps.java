package dev.switchboard.faults;

import dev.switchboard.faults.RoundResult.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// What a round waited for and what was not as it must be. Confined to the harness's thread.
///
/// Every wait has an end. A step that is taken more than once counts as its slowest.
final class Steps {
  private final Map<Step, Duration> times = new EnumMap<>(Step.class);
  private final List<String> failures = new ArrayList<>();
  private final Scenario scenario;
  private final int slack;

  int slack() {
    return slack;
  }

  /// @param slack what every limit is multiplied by
  Steps(Scenario scenario, int slack) {
    this.scenario = scenario;
    this.slack = slack;
  }

  Map<Step, Duration> times() {
    return times;
  }

  List<String> failures() {
    return failures;
  }

  void require(boolean holds, String failure) {
    if (!holds) {
      failures.add(failure);
    }
  }

  /// @param from when the time began to run, by the JVM's clock
  void step(Step step, long from, BooleanSupplier condition) {
    // Twice the limit, to say how late it was.
    Duration limit = remaining(limit(step).multipliedBy(2), from);
    record(step, from, Patience.until(limit, condition).isPresent());
  }

  /// Looks at all nodes at once.
  void stepEach(Step step, long from, List<NodeProcess> nodes, Predicate<NodeProcess> holds) {
    Duration limit = remaining(limit(step).multipliedBy(2), from);
    record(step, from, Patience.untilEach(limit, nodes, holds).isPresent());
  }

  private Duration limit(Step step) {
    return step.limit(scenario).multipliedBy(slack);
  }

  private static Duration remaining(Duration limit, long from) {
    Duration left = limit.minusNanos(System.nanoTime() - from);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private void record(Step step, long from, boolean done) {
    var time = Duration.ofNanos(System.nanoTime() - from);
    if (done) {
      times.merge(step, time, (one, other) -> one.compareTo(other) > 0 ? one : other);
    }
    boolean inTime = done && time.compareTo(limit(step)) <= 0;
    String how = done ? "after %.2f s".formatted(time.toMillis() / 1e3) : "not at all";
    require(inTime, step.name().toLowerCase(Locale.ROOT) + " " + how);
  }
}
