package dev.switchboard.faults;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `scripts/faults capacity`: says which `--rate` is 60 % of what this machine carries.
@Command(
    name = "capacity",
    mixinStandardHelpOptions = true,
    description = {
      "Publishes more and more to streams until three nodes and their clients no longer",
      "keep up on this machine: 95 % acknowledged, 99 % of all receipts within a",
      "second. Prints the rate for the other scenarios: 60 % of that. Needs root."
    })
final class FaultsCapacity implements Callable<Integer> {
  @Option(names = "--clients", paramLabel = "N", description = "SDK clients; default 1000.")
  private int clients = 1_000;

  @Option(names = "--first", paramLabel = "N", description = "First rate; default 60/s.")
  private int first = 60;

  @Option(names = "--hold", paramLabel = "SECONDS", description = "Per rate; default 15.")
  private int hold = 15;

  @Option(names = "--page", description = "Writes a page into perf/results.")
  private boolean page;

  private FaultsCapacity() {}

  @Override
  public Integer call() {
    var capacity = new Capacity(clients, first, Duration.ofSeconds(hold));
    Capacity.Found found = capacity.run(System.err::println);
    System.out.printf(
        "carried: %,d/s with %,d clients (%s); 60 %%: --rate %d%n",
        found.rate(), clients, found.footprint(), found.share());
    if (page) {
      System.out.println("written: " + Sheet.write("faults-capacity", text(found)));
    }
    return found.rate() > 0 ? 0 : 1;
  }

  private String text(Capacity.Found found) {
    String steps =
        found.steps().stream().map(step -> "* " + step.text()).collect(Collectors.joining("\n"));
    return """
    ## Method

    `scripts/faults capacity --clients %d --hold %d`: three nodes as processes of their own on this
    machine, with mutual TLS between them, and clients of the Java SDK in one more (%s), ten to a
    stream. Back-end services publish to streams through the HTTP API of all nodes, each after the
    answer to its last request; beside them 25 per node and second go to channels without a log.
    The rate grows by half until less than 95 %% is acknowledged, 1 %% of the receipts comes after
    more than 1 s, or not everybody has everything 15 s later; then one between is tried.

    ## Results

    %s

    Carried: %,d/s; 60 %% of that: `--rate %d`.
    """
        .formatted(clients, hold, found.footprint(), steps, found.rate(), found.share());
  }
}
