package dev.switchboard.faults.referee;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Counts while the referee reads. Confined to its thread.
final class Tallies {
  private static final int EXAMPLES_MAX = 5;

  private final Map<Rule, Long> breaches = new EnumMap<>(Rule.class);
  private final Map<Rule, Long> chances = new EnumMap<>(Rule.class);
  private final Map<Total, Long> totals = new EnumMap<>(Total.class);
  private final Map<Rule, List<String>> examples = new EnumMap<>(Rule.class);

  void chance(Rule rule) {
    chances.merge(rule, 1L, Long::sum);
  }

  /// @param story told only while there are few
  void breach(Rule rule, Supplier<String> story) {
    breaches.merge(rule, 1L, Long::sum);
    var told = examples.computeIfAbsent(rule, _ -> new ArrayList<>());
    if (told.size() < EXAMPLES_MAX) {
      told.add(rule.label() + ": " + story.get());
    }
  }

  void count(Total total) {
    totals.merge(total, 1L, Long::sum);
  }

  Verdict verdict() {
    Map<Rule, Score> scores = new EnumMap<>(Rule.class);
    for (Rule rule : Rule.values()) {
      scores.put(rule, new Score(breaches.getOrDefault(rule, 0L), chances.getOrDefault(rule, 0L)));
    }
    Map<Total, Long> sums = new EnumMap<>(Total.class);
    for (Total total : Total.values()) {
      sums.put(total, totals.getOrDefault(total, 0L));
    }
    return new Verdict(scores, sums, examples.values().stream().flatMap(List::stream).toList());
  }
}
