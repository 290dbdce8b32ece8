package dev.switchboard.faults;

import dev.switchboard.faults.RoundResult.Step;
import dev.switchboard.faults.referee.Total;
import dev.switchboard.faults.referee.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The table at the end. Immutable.
record Report(List<RoundResult> results) {
  private static final List<String> COUNTS =
      List.of("accepted", "delivered", "lost", "missed", "twice", "reordered", "stale", "oldest");

  /// One line about one round.
  static String line(RoundResult result) {
    Tally tally = result.tally();
    String times =
        Arrays.stream(Step.values())
            .map(step -> step.name().toLowerCase(Locale.ROOT) + " " + result.time(step))
            .collect(Collectors.joining(", "));
    String counts =
        "%d lost, %d twice, %d reordered, %d stale of %d"
            .formatted(
                tally.lost(),
                tally.duplicates(),
                tally.reordered(),
                tally.stale(),
                tally.delivered());
    return "%s round %d: %s; %s; %s; %s; codes %s; %s"
        .formatted(
            result.scenario().label(),
            result.round(),
            verdict(result),
            times,
            counts,
            streams(result.verdict()),
            result.codes(),
            result.noise().text());
  }

  private static String streams(Verdict verdict) {
    return verdict.equals(Verdict.NONE)
        ? "no streams"
        : "streams: %d keys acked of %d, %d receipts, %d recovered, %d flagged"
            .formatted(
                verdict.total(Total.ACKED),
                verdict.total(Total.KEYS),
                verdict.total(Total.RECEIPTS),
                verdict.total(Total.RECOVERED),
                verdict.total(Total.FLAGGED));
  }

  /// How long clients took, over all rounds.
  static Percentiles recoveries(List<RoundResult> results) {
    return new Percentiles(
        results.stream().flatMap(result -> result.recoveries().stream()).toList());
  }

  /// What the referee found in all rounds.
  static Verdict verdict(List<RoundResult> results) {
    return results.stream()
        .map(RoundResult::verdict)
        .filter(verdict -> !verdict.equals(Verdict.NONE))
        .reduce(Verdict::plus)
        .orElse(Verdict.NONE);
  }

  /// What nodes wrote to their logs in all rounds.
  static Noise noise(List<RoundResult> results) {
    return results.stream().map(RoundResult::noise).reduce(Noise.NONE, Noise::plus);
  }

  /// What the ledger found in all rounds.
  static Tally sum(List<RoundResult> results) {
    return results.stream().map(RoundResult::tally).reduce(Tally.NONE, Tally::plus);
  }

  /// All rounds, and how many there were.
  String text() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(header());
    results.forEach(result -> rows.add(row(result)));
    int[] widths =
        IntStream.range(0, rows.getFirst().size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    String table =
        rows.stream()
            .map(
                row ->
                    IntStream.range(0, widths.length)
                        .mapToObj(each -> ("%-" + widths[each] + "s").formatted(row.get(each)))
                        .collect(Collectors.joining("  "))
                        .stripTrailing())
            .collect(Collectors.joining("\n"));
    long failed = results.stream().filter(result -> !result.passed()).count();
    Verdict verdict = verdict(results);
    String streams = verdict.equals(Verdict.NONE) ? "No streams took part." : verdict.text();
    return "%s%n%n%s%nClients whole again: %s%n%d rounds, %d failed"
        .formatted(table, streams, recoveries(results).text(), results.size(), failed);
  }

  private static List<String> header() {
    return Stream.of(
            Stream.of("scenario", "round"),
            Arrays.stream(Step.values()).map(step -> step.name().toLowerCase(Locale.ROOT)),
            COUNTS.stream(),
            Stream.of("codes", "warnings", "lines/s", "verdict"))
        .flatMap(part -> part)
        .toList();
  }

  private static List<String> row(RoundResult result) {
    Tally tally = result.tally();
    var counts =
        Stream.of(
            tally.accepted(),
            tally.delivered(),
            tally.lost(),
            tally.missed(),
            tally.duplicates(),
            tally.reordered(),
            tally.stale());
    var codes =
        result.codes().entrySet().stream()
            .map(code -> code.getKey() + "x" + code.getValue())
            .collect(Collectors.joining(" "));
    return Stream.of(
            Stream.of(result.scenario().label(), Integer.toString(result.round())),
            Arrays.stream(Step.values()).map(result::time),
            counts.map(String::valueOf),
            Stream.of(tally.oldestMillis() + " ms", codes),
            Stream.of(result.noise().warnings(), result.noise().busiest()).map(String::valueOf),
            Stream.of(verdict(result)))
        .flatMap(part -> part)
        .toList();
  }

  private static String verdict(RoundResult result) {
    return result.passed() ? "passed" : "FAILED: " + String.join(", ", result.failures());
  }
}
