package dev.switchboard.faults.referee;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What the referee decided. Immutable.
///
/// @param scores of every rule
/// @param totals of everything
/// @param examples a few breaches of each rule, in words
public record Verdict(Map<Rule, Score> scores, Map<Total, Long> totals, List<String> examples) {
  /// Nothing was judged: there were no streams.
  public static final Verdict NONE = new Tallies().verdict();

  /// The score of a rule.
  public Score score(Rule rule) {
    return scores.get(rule);
  }

  /// A total.
  public long total(Total total) {
    return totals.get(total);
  }

  /// What came after an earlier verdict of the same referee.
  public Verdict since(Verdict earlier) {
    Map<Rule, Score> later = new EnumMap<>(Rule.class);
    scores.forEach((rule, score) -> later.put(rule, score.minus(earlier.score(rule))));
    Map<Total, Long> more = new EnumMap<>(Total.class);
    totals.forEach((total, sum) -> more.put(total, sum - earlier.total(total)));
    var told = examples.stream().filter(each -> !earlier.examples().contains(each)).toList();
    return new Verdict(later, more, told);
  }

  /// Both together.
  public Verdict plus(Verdict other) {
    Map<Rule, Score> all = new EnumMap<>(Rule.class);
    scores.forEach(
        (rule, score) -> {
          Score more = other.score(rule);
          var sum = new Score(score.breaches() + more.breaches(), score.chances() + more.chances());
          all.put(rule, sum);
        });
    Map<Total, Long> sums = new EnumMap<>(Total.class);
    totals.forEach((total, sum) -> sums.put(total, sum + other.total(total)));
    List<String> told = new ArrayList<>(examples);
    told.addAll(other.examples());
    return new Verdict(all, sums, told);
  }

  /// Every reason why this is not well; none is good. A verdict without a rest, an acknowledged key
  /// or a receipt says nothing, so it is not good.
  public List<String> failures() {
    return failures(List.of(Total.RESTS, Total.ACKED, Total.RECEIPTS));
  }

  /// The same where other totals are needed for a verdict to say something.
  public List<String> failures(List<Total> needs) {
    List<String> failures = new ArrayList<>();
    for (Total needed : needs) {
      if (total(needed) == 0) {
        failures.add("the referee saw no " + needed.label());
      }
    }
    scores.forEach(
        (rule, score) -> {
          if (score.breaches() > 0) {
            failures.add("%d %s".formatted(score.breaches(), rule.label()));
          }
        });
    return failures;
  }

  /// A Markdown table: each rule's breaches, and n beside it; then the totals and the examples.
  public String text() {
    String rules =
        Arrays.stream(Rule.values())
            .map(rule -> row(rule.label(), score(rule).breaches(), score(rule).chances()))
            .collect(Collectors.joining("\n"));
    String sums =
        Arrays.stream(Total.values())
            .map(total -> "| %-34s | %,12d |".formatted(total.label(), total(total)))
            .collect(Collectors.joining("\n"));
    String told = examples.stream().map(each -> "\n* " + each).collect(Collectors.joining());
    return """
    | rule                     | breaches |            n |
    |--------------------------|---------:|-------------:|
    %s

    | total                              |        count |
    |------------------------------------|-------------:|
    %s
    %s\
    """
        .formatted(rules, sums, told);
  }

  private static String row(String label, long breaches, long chances) {
    return "| %-24s | %,8d | %,12d |".formatted(label, breaches, chances);
  }
}
