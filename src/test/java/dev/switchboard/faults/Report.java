package dev.switchboard.faults;

import dev.switchboard.faults.RoundResult.Step;
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
    return "%s round %d: %s; %s; %s; codes %s; %d warnings"
        .formatted(
            result.scenario().label(),
            result.round(),
            verdict(result),
            times,
            counts,
            result.codes(),
            result.warnings());
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
    return "%s%n%d rounds, %d failed".formatted(table, results.size(), failed);
  }

  private static List<String> header() {
    return Stream.of(
            Stream.of("scenario", "round"),
            Arrays.stream(Step.values()).map(step -> step.name().toLowerCase(Locale.ROOT)),
            COUNTS.stream(),
            Stream.of("codes", "warnings", "verdict"))
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
            Stream.of(Long.toString(result.warnings()), verdict(result)))
        .flatMap(part -> part)
        .toList();
  }

  private static String verdict(RoundResult result) {
    return result.passed() ? "passed" : "FAILED: " + String.join(", ", result.failures());
  }
}
