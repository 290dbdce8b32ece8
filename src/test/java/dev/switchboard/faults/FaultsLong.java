package dev.switchboard.faults;

import dev.switchboard.faults.OnceCampaign.Hurt;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `scripts/faults all-long`: what streams promise, counted over many rounds, with a page for each.
@Command(
    name = "all-long",
    mixinStandardHelpOptions = true,
    description = {
      "Measures what this machine carries, then does the long campaigns at 60 %% of it",
      "and writes a page for each: kill9-one 30 rounds, rolling 5, sigstop-5s 30,",
      "partition-30s 10, kill9-two 10, and a million keys. Takes over an hour on two",
      "cores with nothing else to do. Needs root."
    })
final class FaultsLong implements Callable<Integer> {
  private static final int NODES = 3;
  private static final int FIRST_RATE = 60;
  private static final Duration HOLD = Duration.ofSeconds(15);

  @Option(names = "--clients", paramLabel = "N", description = "SDK clients; default 1000.")
  private int clients = 1_000;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Publications per second to streams; default: 60 %% of what is measured.")
  private int rate;

  @Option(names = "--keys", paramLabel = "N", description = "Different keys; default 1000000.")
  private long keys = 1_000_000;

  @Option(names = "--key-rate", paramLabel = "N", description = "Keys per second; default 2000.")
  private int keyRate = 2_000;

  private FaultsLong() {}

  private static SequencedMap<Scenario, Integer> rounds() {
    SequencedMap<Scenario, Integer> rounds = new LinkedHashMap<>();
    rounds.put(Scenario.KILL9_ONE, 30);
    rounds.put(Scenario.ROLLING, 5);
    rounds.put(Scenario.SIGSTOP_5S, 30);
    rounds.put(Scenario.PARTITION_30S, 10);
    rounds.put(Scenario.CUT_10S, 20);
    rounds.put(Scenario.KILL9_TWO, 10);
    return rounds;
  }

  @Override
  public Integer call() {
    var load = new Load(NODES, clients, streamRate(), Load.Streams.REQUIRED);
    boolean passed = true;
    for (var each : rounds().sequencedEntrySet()) {
      var shown = new Series(each.getKey(), each.getValue(), load, true).run();
      System.out.println(new Report(shown.results()).text());
      passed &= shown.passed();
    }
    return keptOnce() && passed ? 0 : 1;
  }

  private int streamRate() {
    if (rate > 0) {
      return rate;
    }
    var found = new Capacity(clients, FIRST_RATE, HOLD).run(System.err::println);
    System.out.printf("carried: %,d/s, so --rate %d%n", found.rate(), found.share());
    return Math.max(1, found.share());
  }

  private boolean keptOnce() {
    var hurts = List.of(Hurt.KILL, Hurt.CUT);
    var order = Scribes.Order.usual(keys, FaultsIdempotence.IN_FLIGHT, keyRate);
    var result =
        new OnceCampaign("idempotence", FaultsIdempotence.CHANNELS, order, hurts, true)
            .run(System.err::println);
    System.out.println(result.summary());
    System.out.println("written: " + OncePage.write(result));
    return result.passed();
  }
}
