package dev.switchboard.faults;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Many rounds of one scenario, told on standard output. Immutable.
///
/// @param page whether a page is written
record Series(Scenario scenario, int rounds, Load load, boolean page) {
  private static final double MOST = 0.99;
  private static final int JUDGED_CLIENTS_MAX = 200;
  private static final int CROWDED = 20;

  /// What a series showed.
  ///
  /// @param failure of all rounds together; empty when there is none
  record Shown(List<RoundResult> results, Optional<String> failure) {
    boolean passed() {
      return failure.isEmpty() && results.stream().allMatch(RoundResult::passed);
    }
  }

  Shown run() {
    var campaign = new Campaign(scenario.label(), List.of(scenario), rounds, load, slack());
    System.out.printf("%s: %s; logs in %s%n", scenario.label(), scenario.text(), campaign.folder());
    var results = campaign.run(result -> System.out.println(Report.line(result)));
    var shown = new Shown(results, late(results));
    shown.failure().ifPresent(System.out::println);
    if (page) {
      System.out.println("written: " + new Page(scenario, load, results).write());
    }
    return shown;
  }

  /// The steps of a round have limits for machines that have time to spare. Where many clients
  /// share the processors with the nodes they are measured and shown, and only the end of waiting.
  private int slack() {
    return load.clients() <= JUDGED_CLIENTS_MAX ? 1 : CROWDED;
  }

  /// The rounds' time limits say when the last client is back; this is about most of them.
  private Optional<String> late(List<RoundResult> results) {
    var recoveries = Report.recoveries(results);
    Optional<Duration> limit = scenario.mostRecovered();
    boolean late =
        limit.isPresent()
            && (recoveries.times().isEmpty() || recoveries.at(MOST).compareTo(limit.get()) > 0);
    return late
        ? Optional.of(
            "FAILED: 99 %% of the clients whole again within %d s: %s"
                .formatted(limit.get().toSeconds(), recoveries.text()))
        : Optional.empty();
  }
}
