package dev.switchboard.faults;

import dev.switchboard.faults.OnceCampaign.Hurt;
import dev.switchboard.faults.referee.Rule;
import dev.switchboard.faults.referee.Total;
import dev.switchboard.faults.referee.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Whether each key was kept once. Immutable.
///
/// @param done how often nodes were hurt
/// @param took until the last key was acknowledged or given up
/// @param repeats on purpose
/// @param followed entries read while logs grew
/// @param problems of the harness and the cluster; none is good
record OnceResult(
    OnceCampaign campaign,
    Map<Hurt, Integer> done,
    Duration took,
    long repeats,
    long followed,
    Verdict verdict,
    Noise noise,
    List<String> problems) {
  private static final List<Total> NEEDED = List.of(Total.RESTS, Total.ACKED, Total.REPEATS);

  /// A run that could not begin.
  static OnceResult notBegun(OnceCampaign campaign, String reason) {
    return new OnceResult(
        campaign, Map.of(), Duration.ZERO, 0, 0, Verdict.NONE, Noise.NONE, List.of(reason));
  }

  /// Why this is not well; none is good. What was trimmed before anybody read it proves nothing.
  List<String> failures() {
    List<String> failures = new ArrayList<>(problems);
    failures.addAll(verdict.failures(NEEDED));
    for (Total unproven : List.of(Total.TRIMMED, Total.KEPT_AGAIN)) {
      if (verdict.total(unproven) > 0) {
        failures.add("%,d %s".formatted(verdict.total(unproven), unproven.label()));
      }
    }
    long keys = verdict.total(Total.KEYS);
    if (keys != campaign.order().publications()) {
      failures.add("%,d keys of %,d".formatted(keys, campaign.order().publications()));
    }
    if (!campaign.hurts().stream().allMatch(done::containsKey)) {
      failures.add("all was published before every fault had been done once");
    }
    return failures;
  }

  boolean passed() {
    return failures().isEmpty();
  }

  /// The verdict in a sentence, and beside each zero how many there could have been.
  String summary() {
    return """
    %,d keys in %d streams, %,d of them repeated on purpose; %,d attempts, %s.
    %,d acknowledged, %,d given up with an explicit error (%,d of these kept all the same).
    %,d entries in the logs; %d of %,d keys twice, %d of %,d acknowledged ones missing,
    %d of %,d places with two payloads.
    %,.0f keys/s over %,d s, under %s; %,d entries read while logs grew; %s.
    %s\
    """
        .formatted(
            verdict.total(Total.KEYS),
            campaign.channels(),
            repeats,
            verdict.total(Total.ATTEMPTS),
            "%,d refused and %,d unanswered"
                .formatted(verdict.total(Total.REFUSED), verdict.total(Total.UNANSWERED)),
            verdict.total(Total.ACKED),
            verdict.total(Total.GIVEN_UP),
            verdict.total(Total.GIVEN_UP_KEPT),
            verdict.score(Rule.PAYLOAD).chances(),
            verdict.score(Rule.KEY).breaches(),
            verdict.score(Rule.KEY).chances(),
            verdict.score(Rule.LOST).breaches(),
            verdict.score(Rule.LOST).chances(),
            verdict.score(Rule.PAYLOAD).breaches(),
            verdict.score(Rule.PAYLOAD).chances(),
            verdict.total(Total.KEYS) / Math.max(1e-3, took.toMillis() / 1e3),
            took.toSeconds(),
            done,
            followed,
            noise.text(),
            passed() ? "passed" : "FAILED: " + String.join(", ", failures()));
  }
}
