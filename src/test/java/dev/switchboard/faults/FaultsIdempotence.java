package dev.switchboard.faults;

import dev.switchboard.faults.OnceCampaign.Hurt;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `scripts/faults idempotence`: publishes many keys while nodes are killed and cut off.
@Command(
    name = "idempotence",
    mixinStandardHelpOptions = true,
    description = {
      "Publishes many idempotency keys through three nodes, a tenth of them again on",
      "purpose, while one node after the other is killed and cut off; whatever is",
      "not acknowledged is repeated for a minute. Then the referee says whether each",
      "is in the log exactly once, or its publisher had an explicit error. Needs root."
    })
final class FaultsIdempotence implements Callable<Integer> {
  /// How many publications are under way at once.
  static final int IN_FLIGHT = 128;

  /// So many that a million keys outgrow what is kept, and each grows slowly enough to be followed.
  static final int CHANNELS = 100;

  @Option(names = "--publishes", paramLabel = "N", description = "Different keys; default 1000000.")
  private long publishes = 1_000_000;

  @Option(names = "--rate", paramLabel = "N", description = "Keys per second; default 2000.")
  private int rate = 2_000;

  @Option(names = "--in-flight", paramLabel = "N", description = "At once; default 128.")
  private int inFlight = IN_FLIGHT;

  @Option(names = "--channels", paramLabel = "N", description = "Streams; default 100.")
  private int channels = CHANNELS;

  @Option(names = "--page", description = "Writes a page into perf/results.")
  private boolean page;

  private FaultsIdempotence() {}

  @Override
  public Integer call() {
    var order = Scribes.Order.usual(publishes, inFlight, rate);
    var campaign =
        new OnceCampaign("idempotence", channels, order, List.of(Hurt.KILL, Hurt.CUT), true);
    System.out.println("idempotence: logs in " + campaign.folder());
    OnceResult result = campaign.run(System.err::println);
    System.out.println(result.verdict().text());
    System.out.println(result.summary());
    if (page) {
      System.out.println("written: " + OncePage.write(result));
    }
    return result.passed() ? 0 : 1;
  }
}
