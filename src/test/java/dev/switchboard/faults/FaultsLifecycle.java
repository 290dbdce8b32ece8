package dev.switchboard.faults;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `scripts/faults lifecycle`: presence, users, events and webhooks against the truth.
@Command(
    name = "lifecycle",
    mixinStandardHelpOptions = true,
    description = {
      "Clients come, go, subscribe and unsubscribe at random while one node after the",
      "other is killed, stopped for a while or cut off. After each round presence on",
      "every node, the users API and the lifecycle events must say within 5 s what the",
      "clients know; a webhook whose consumer was away must miss nothing. Needs root."
    })
final class FaultsLifecycle implements Callable<Integer> {
  @Option(names = "--rounds", paramLabel = "N", description = "One fault each; default 40.")
  private int rounds = 40;

  @Option(names = "--clients", paramLabel = "N", description = "At most; default 80.")
  private int clients = 80;

  @Option(
      names = "--away",
      paramLabel = "SECONDS",
      description = "How long the webhook's consumer is away; default 60.")
  private int away = 60;

  @Option(names = "--page", description = "Writes a page into perf/results.")
  private boolean page;

  private FaultsLifecycle() {}

  @Override
  public Integer call() {
    var campaign =
        new LifecycleCampaign(rounds, clients, Duration.ofSeconds(away), LifecycleCampaign.RIGHT);
    System.out.println("lifecycle: logs in " + LifecycleCampaign.folder());
    var result = campaign.run(System.err::println);
    System.out.println(result.summary());
    if (page) {
      System.out.println("written: " + LifecyclePage.write(result));
    }
    return result.passed() ? 0 : 1;
  }
}
