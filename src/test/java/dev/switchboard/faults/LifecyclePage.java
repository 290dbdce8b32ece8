package dev.switchboard.faults;

import java.nio.file.Path;

/// What a lifecycle campaign showed, as a page of `perf/results`.
final class LifecyclePage {
  private LifecyclePage() {}

  static Path write(LifecycleCampaign.Result result) {
    return Sheet.write("faults-lifecycle", text(result));
  }

  private static String text(LifecycleCampaign.Result result) {
    var campaign = result.campaign();
    return """
    ## Method

    `scripts/faults lifecycle --rounds %d --clients %d --away %d`: three nodes as processes of their
    own, each in a network namespace. Clients connect as one of %d users to any node, with at most
    %d connections for each, subscribe, unsubscribe, close and break off at random on 8 channels.
    Each round hurts one node: kill -9 and a new process, SIGSTOP for 1 to 14 s, or a cut of 5 to
    20 s. When the cluster is whole again the clients stay where they are, and then what they know
    is compared with presence of each channel on each node, with `users`, and with the state that
    all events read by their cursor leave. The events must make sense in their order: each session
    begins once and ends once, subscriptions and channels begin before they end. The consumer of the
    webhook is away for %d s.

    ## Results

    %s
    """
        .formatted(
            campaign.rounds(),
            campaign.guests(),
            campaign.away().toSeconds(),
            Math.max(2, campaign.guests() / 2),
            LifecycleCampaign.CAP,
            campaign.away().toSeconds(),
            result.summary());
  }
}
