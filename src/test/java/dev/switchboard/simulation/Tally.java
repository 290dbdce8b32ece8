package dev.switchboard.simulation;

import java.util.EnumMap;
import java.util.Map;

/// What happened in one schedule, or in many: shows that the invariants had something to hold for.
final class Tally {
  /// What is counted.
  enum Count {
    SCHEDULES,
    VIRTUAL_SECONDS,
    STEPS,
    MESSAGES,
    LOST,
    LATE,
    DOUBLED,
    DAMAGED,
    BROKEN_CONNECTIONS,
    KILLS,
    PAUSES,
    EXPULSIONS,
    PARTITIONS,
    STALLS,
    LEAVES,
    JOINS,
    MERGES,
    FLAPS,
    STORMS,
    CLAIMS,
    PUBLISHED,
    NOBODY,
    BUSY,
    DELIVERED,
    MISSED,
    GAPS,
    FENCED,
    REFUSED,
    QUESTIONS,
    UNANSWERED,
    RULE_CHECKS
  }

  private final Map<Count, Long> counts = new EnumMap<>(Count.class);

  void add(Count what, long times) {
    counts.merge(what, times, Long::sum);
  }

  void add(Count what) {
    add(what, 1);
  }

  void add(Tally other) {
    other.counts.forEach(this::add);
  }

  long count(Count what) {
    return counts.getOrDefault(what, 0L);
  }
}
