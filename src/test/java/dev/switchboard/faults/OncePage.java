package dev.switchboard.faults;

import java.nio.file.Path;

/// What a run of many keys showed, as a page of `perf/results`.
final class OncePage {
  private OncePage() {}

  static Path write(OnceResult result) {
    return Sheet.write("faults-idempotence", text(result));
  }

  private static String text(OnceResult result) {
    var order = result.campaign().order();
    return """
    ## Method

    `scripts/faults idempotence --publishes %d --rate %d --in-flight %d --channels %d`: three nodes
    as processes of their own on this machine; every key goes to a random node through the HTTP
    API, and again to a random node until it is acknowledged, for a minute. A tenth is published
    again although it is: a third of these at the same time, a third right after, a third up to
    30 s later. Meanwhile one node after the other is killed and started again, or cut off for 10
    to 30 s. All streams are followed on all nodes while they grow, and read whole on all nodes at
    the end; `Referee` judges what everybody saw. No epoch may end.

    ## Results

    %s

    %s
    With no breach in n trials the 95 %% bound is 3/n.
    """
        .formatted(
            order.publications(),
            order.rate(),
            order.inFlight(),
            result.campaign().channels(),
            result.summary(),
            result.verdict().text());
  }
}
