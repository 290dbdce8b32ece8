package dev.switchboard.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.testkit.AllowLog;
import dev.switchboard.testkit.Requirement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// One round of each fault; `scripts/faults` runs more of them under more clients.
class FaultsIT {
  private static final int NODES = 3;
  private static final int CLIENTS = 60;
  private static final int RATE = 75;

  /// Machines of continuous integration do other things besides; `scripts/faults` is strict.
  private static final int SLACK = 3;

  private static List<RoundResult> run(String name, Scenario... scenarios) {
    var load = new Load(NODES, CLIENTS, RATE, Load.Streams.REQUIRED);
    var results = new Campaign(name, List.of(scenarios), 1, load, SLACK).run(_ -> {});
    System.out.println(new Report(results).text());
    return results;
  }

  private static void assertWell(List<RoundResult> results) {
    assertThat(results).isNotEmpty().allMatch(RoundResult::passed);
  }

  @Test
  void nodesThatEnd() {
    // Given
    Requirement.javaSdk();

    // When
    var results =
        run("ends", Scenario.KILL9_ONE, Scenario.KILL9_TWO, Scenario.SIGTERM, Scenario.ROLLING);

    // Then
    assertWell(results);
  }

  @Test
  void everyKeyIsKeptOnce() {
    // Given
    Requirement.javaSdk();
    var order = Scribes.Order.usual(4_000, 64, 250);
    var campaign = new OnceCampaign("once", 20, order, List.of(OnceCampaign.Hurt.KILL), false);

    // When
    var result = campaign.run(_ -> {});
    System.out.println(result.summary());

    // Then
    assertThat(result.failures()).isEmpty();
  }

  // Guests have connections to a node that dies or is cut off.
  @Test
  @AllowLog(logger = "io.vertx.core.http", containing = "Connection evicted")
  @AllowLog(logger = "io.vertx.core.net", containing = "Connection reset")
  void presenceAndEventsAreTheTruth() {
    // Given
    Requirement.networkNamespaces();
    var limit = LifecycleCampaign.RIGHT.multipliedBy(SLACK);
    var campaign = new LifecycleCampaign(3, 40, Duration.ofSeconds(10), limit);

    // When
    var result = campaign.run(_ -> {});
    System.out.println(result.summary());

    // Then
    assertThat(result.failures()).isEmpty();
  }

  /// Side by side: most of their time they wait.
  @Test
  void nodesThatWereAway() {
    // Given
    Requirement.javaSdk();
    Requirement.networkNamespaces();

    // When
    var stopped =
        CompletableFuture.supplyAsync(
            () -> run("stop", Scenario.SIGSTOP_30S, Scenario.SIGSTOP_5S, Scenario.STUCK));
    var cut =
        CompletableFuture.supplyAsync(
            () ->
                run(
                    "cables",
                    Scenario.PARTITION_30S,
                    Scenario.CUT_10S,
                    Scenario.ONE_WAY_30S,
                    Scenario.FLAPPING,
                    Scenario.MERGE_KILL));

    // Then
    assertWell(Stream.of(stopped, cut).flatMap(each -> each.join().stream()).toList());
  }
}
