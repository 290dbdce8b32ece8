package dev.switchboard.faults;

import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `scripts/faults scale`: a third node gets its share of the clients.
@Command(
    name = "scale",
    mixinStandardHelpOptions = true,
    description = {
      "Lets a third node join two that have all clients, behind HAProxy, and waits until",
      "each has a third of them, give or take a tenth: two minutes at most. Needs haproxy."
    })
final class FaultsScale implements Callable<Integer> {
  @Option(names = "--clients", paramLabel = "N", description = "SDK clients; default 3000.")
  private int clients = 3_000;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Publications per second to streams; default 100.")
  private int rate = 100;

  @Option(
      names = "--per-second",
      paramLabel = "N",
      description = "rebalance.sessions_per_second; default 50.")
  private int perSecond = 50;

  @Option(names = "--page", description = "Writes a page into perf/results.")
  private boolean page;

  private FaultsScale() {}

  @Override
  public Integer call() {
    var campaign = new ScaleCampaign(clients, rate, perSecond);
    System.out.println("scale: logs in " + ScaleCampaign.folder());
    var result = campaign.run(System.err::println);
    System.out.println(summary(result));
    if (page) {
      System.out.println("written: " + Sheet.write("faults-scale", text(result)));
    }
    return result.passed() ? 0 : 1;
  }

  private static String summary(ScaleCampaign.Result result) {
    String time =
        result.even().map(even -> "%.1f s".formatted(even.toMillis() / 1e3)).orElse("not in time");
    String failures =
        result.failures().stream().map(each -> "\n* FAILED: " + each).collect(Collectors.joining());
    return """
    * Sessions when the third node was ready: %s
    * All within %.0f %% of the mean after: %s (allowed: %d s)
    * Sessions at the end: %s
    * Times that clients had to connect again: %s; from the end of a session to the next one with
      all subscriptions %s%s
    """
        .formatted(
            result.before(),
            100 * ScaleCampaign.OFF_MAX,
            time,
            ScaleCampaign.LIMIT.toSeconds(),
            result.after(),
            result.moves().perClient(),
            result.moves().pauses().text(),
            failures);
  }

  private static String text(ScaleCampaign.Result result) {
    var campaign = result.campaign();
    return """
    ## Method

    `scripts/faults scale --clients %d --rate %d --per-second %d`: two nodes behind HAProxy (fewest
    connections, no affinity) have all clients of the JavaScript SDK; a third one starts. Every
    node sheds at most %d sessions a second while it has more than the mean of all. %d publications
    per second go to streams meanwhile; at the end `Referee` judges what everybody got.

    ## Results

    %s\
    """
        .formatted(
            campaign.clients(),
            campaign.rate(),
            campaign.perSecond(),
            campaign.perSecond(),
            campaign.rate(),
            summary(result));
  }
}
