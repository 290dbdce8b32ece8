package dev.switchboard.faults;

import dev.switchboard.faults.referee.Fact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How long publications take from their first attempt to each subscriber. Confined to one thread.
final class Delays {
  private final Map<String, Long> attemptedAt = new HashMap<>();
  private final List<Duration> delays = new ArrayList<>();
  private int acked;

  /// What came since the last time.
  ///
  /// @param acked keys acknowledged at their first attempt
  record Taken(int acked, Percentiles delays) {}

  void hear(Fact fact) {
    if (fact instanceof Fact.Attempt attempt && attempt.attempt() == 1) {
      attemptedAt.put(attempt.payload(), attempt.at());
    } else if (fact instanceof Fact.Stored answer && answer.attempt() == 1) {
      acked++;
    } else if (fact instanceof Fact.Received receipt) {
      Long at = attemptedAt.get(receipt.payload());
      if (at != null) {
        delays.add(Duration.ofMillis(receipt.at() - at));
      }
    }
  }

  Taken take() {
    var taken = new Taken(acked, new Percentiles(delays));
    attemptedAt.clear();
    delays.clear();
    acked = 0;
    return taken;
  }
}
