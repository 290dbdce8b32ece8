package dev.switchboard.faults;

import dev.switchboard.faults.referee.Verdict;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What many rounds of one scenario showed, as a page of `perf/results`. Immutable.
record Page(Scenario scenario, Load load, List<RoundResult> results) {
  /// Writes it; a second page of the same day gets a number.
  Path write() {
    return Sheet.write("faults-" + scenario.label(), text());
  }

  private String text() {
    long failed = results.stream().filter(result -> !result.passed()).count();
    return """
    ## Method

    %s: %d rounds (`scripts/faults %s --rounds %d --clients %d --rate %d`), %d nodes as processes of
    their own on this machine, %,d clients of the Java SDK, which share it; 25 publications per node
    and second to channels without a log, judged by `Ledger`. %s

    ## Results

    %d of %d rounds passed.

    %s
    From the fault until a client that had lost its session was whole again: %s.

    Logs of nodes, without access logs: %s.

    Channels without a log: %s

    %s
    With no breach in n trials the 95 %% bound is 3/n.
    """
        .formatted(
            scenario.text(),
            results.size(),
            scenario.label(),
            results.size(),
            load.clients(),
            load.rate(),
            load.nodes(),
            load.clients(),
            streamsMethod(),
            results.size() - failed,
            results.size(),
            times(),
            Report.recoveries(results).text(),
            Report.noise(results).text(),
            tallies(),
            streams());
  }

  private String times() {
    String rows =
        Arrays.stream(RoundResult.Step.values())
            .map(
                step ->
                    "| %s | %s |"
                        .formatted(step.name().toLowerCase(Locale.ROOT), times(step).text()))
            .collect(Collectors.joining("\n"));
    return "| step | over all rounds |\n|---|---|\n" + rows + "\n";
  }

  private Percentiles times(RoundResult.Step step) {
    return new Percentiles(
        results.stream().flatMap(result -> result.timeOf(step).stream()).toList());
  }

  private String tallies() {
    Tally sum = Report.sum(results);
    return ("%,d accepted, %,d receipts; %d lost, %,d missed under the fault, %d twice,"
            + " %d reordered, %d stale; the oldest was %,d ms old.")
        .formatted(
            sum.accepted(),
            sum.delivered(),
            sum.lost(),
            sum.missed(),
            sum.duplicates(),
            sum.reordered(),
            sum.stale(),
            sum.oldestMillis());
  }

  private String streams() {
    Verdict verdict = Report.verdict(results);
    return verdict.equals(Verdict.NONE)
        ? "The nodes kept no streams.\n"
        : "Streams:\n\n" + verdict.text();
  }

  private String streamsMethod() {
    if (Report.verdict(results).equals(Verdict.NONE)) {
      return "No streams.";
    }
    String promise =
        scenario.newEpochs()
            ? "may lose their continuity here, but not in silence."
            : "may not lose their continuity here.";
    return """
    Beside them %,d per second to
    streams, each with an idempotency key, a tenth repeated on purpose, repeated on another node
    while unacknowledged. After each round all logs are read on all nodes and judged by
    `Referee`. Streams %s\
    """
        .formatted(load.rate(), promise);
  }
}
