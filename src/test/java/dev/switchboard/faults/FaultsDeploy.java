package dev.switchboard.faults;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `scripts/faults deploy`: a rolling restart behind HAProxy, as nobody should notice it.
@Command(
    name = "deploy",
    mixinStandardHelpOptions = true,
    description = {
      "Restarts three nodes behind HAProxy one after the other, under clients of the",
      "JavaScript SDK and publishers: nothing acknowledged may be lost, no gap be silent, nobody",
      "connect again more than three times, and never more than a fifth of all at once.",
      "Needs haproxy (apt-get install haproxy)."
    })
final class FaultsDeploy implements Callable<Integer> {
  @Option(names = "--clients", paramLabel = "N", description = "SDK clients; default 6000.")
  private int clients = 6_000;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Publications per second to streams; default 200.")
  private int rate = 200;

  @Option(names = "--drain", paramLabel = "SECONDS", description = "node.drain_period; default 30.")
  private int drain = 30;

  @Option(names = "--page", description = "Writes a page into perf/results.")
  private boolean page;

  private FaultsDeploy() {}

  @Override
  public Integer call() {
    var campaign = new DeployCampaign(clients, rate, Duration.ofSeconds(drain));
    System.out.println("deploy: logs in " + DeployCampaign.folder());
    var result = campaign.run(System.err::println);
    System.out.println(DeployPage.summary(result));
    if (page) {
      System.out.println("written: " + DeployPage.write(result));
    }
    return result.passed() ? 0 : 1;
  }
}
