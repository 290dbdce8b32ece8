package dev.switchboard.faults;

import dev.switchboard.faults.referee.Total;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/// What a deploy showed, in words and as a page of `perf/results`.
final class DeployPage {
  private DeployPage() {}

  static Path write(DeployCampaign.Result result) {
    return Sheet.write("faults-deploy", text(result));
  }

  /// Each figure beside what is allowed.
  static String summary(DeployCampaign.Result result) {
    Moves moves = result.moves();
    String failures =
        result.failures().stream().map(each -> "\n* FAILED: " + each).collect(Collectors.joining());
    return """
    | What | Allowed | Measured | n |
    |---|---|---|---|
    | times that a client had to connect again, at most | %d | %d | %,d clients |
    | clients that had to at most %d times | %.0f %% | %.1f %% | %,d clients |
    | clients without a whole session at once | %.0f %% | %.1f %% (%,d) | %,d clients |
    | end of a session to the next one with all subscriptions, p99 | %.0f s | %s | |
    | publications given up by publishers that retry | 0 | %d | %,d keys |
    | subscribers told of a loss | 0 | %d | %,d recoveries |

    Clients by how often they had to connect again: %s. Sessions ended with: %s. The whole restart
    took %d s.
    %s\
    """
        .formatted(
            DeployCampaign.MOVES_MAX,
            moves.max(),
            moves.clients(),
            DeployCampaign.USUAL_MOVES_MAX,
            100 * DeployCampaign.USUAL_SHARE,
            100 * moves.shareUpTo(DeployCampaign.USUAL_MOVES_MAX),
            moves.clients(),
            100 * DeployCampaign.AT_ONCE_MAX,
            100 * moves.shareAtOnce(),
            moves.atOnceMax(),
            moves.clients(),
            DeployCampaign.PAUSE_MAX.toMillis() / 1e3,
            moves.pauses().text(),
            result.verdict().total(Total.GIVEN_UP),
            result.verdict().total(Total.KEYS),
            result.verdict().total(Total.FLAGGED),
            result.verdict().total(Total.RECOVERED),
            counts(moves.perClient()),
            counts(result.codes()),
            result.took().toSeconds(),
            failures);
  }

  private static String counts(Map<Integer, Long> counts) {
    return counts.entrySet().stream()
        .map(each -> "%d: %,d".formatted(each.getKey(), each.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String text(DeployCampaign.Result result) {
    var campaign = result.campaign();
    return """
    ## Method

    `scripts/faults deploy --clients %d --rate %d --drain %d`: three nodes as processes of their
    own on this machine behind HAProxy (`k8s/examples/haproxy.cfg`: fewest connections, no
    affinity), through which all clients of the JavaScript SDK come, ten to a room, each with
    three subscriptions: the room, a channel of its own, a stream that it recovers. %d
    publications per second go to streams, by publishers that repeat on another node what is not
    acknowledged; beside them 25 per node and second to channels without a log. One node after the
    other gets SIGTERM, drains, exits, is started again, and when all are ready and every client
    has all its subscriptions the next one's turn comes. Then all logs are read on all nodes and
    judged by `Referee`.

    ## Results

    %s
    %s
    With no breach in n trials the 95 %% bound is 3/n.
    """
        .formatted(
            campaign.clients(),
            campaign.rate(),
            campaign.drain().toSeconds(),
            campaign.rate(),
            summary(result),
            result.verdict().text());
  }
}
