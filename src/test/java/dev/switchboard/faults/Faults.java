package dev.switchboard.faults;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `scripts/faults`: does the scenarios named, or all, and exits with 1 when a check failed.
@Command(
    name = "scripts/faults",
    mixinStandardHelpOptions = true,
    subcommands = {
      FaultsCheck.class,
      FaultsIdempotence.class,
      FaultsCapacity.class,
      FaultsLifecycle.class,
      FaultsDeploy.class,
      FaultsScale.class,
      FaultsLong.class
    },
    description = {
      "Hurts clusters of real nodes under real clients and checks that they recover:",
      "who notices when, what is lost, doubled, reordered or stale, and that all is",
      "well again afterwards. Cutting a node off needs root. Logs are kept in",
      "target/faults; what publishers, subscribers and logs of streams said can be",
      "judged again with the command check. One round of each is in scripts/test."
    })
final class Faults implements Callable<Integer> {
  @Parameters(paramLabel = "SCENARIO", arity = "0..*", description = "Default: all; see --list.")
  private List<String> wanted = List.of();

  @Option(names = "--rounds", paramLabel = "N", description = "Rounds of each; default 1.")
  private int rounds = 1;

  @Option(names = "--nodes", paramLabel = "N", description = "Nodes of the cluster; default 3.")
  private int nodes = 3;

  @Option(names = "--clients", paramLabel = "N", description = "SDK clients; default 200.")
  private int clients = 200;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Publications per second to streams; default 75.")
  private int rate = 75;

  @Option(
      names = "--streams",
      paramLabel = "MODE",
      description = "required or off; default required.")
  private Load.Streams streams = Load.Streams.REQUIRED;

  @Option(names = "--page", description = "Writes a page per scenario into perf/results.")
  private boolean page;

  @Option(names = "--list", description = "Says which scenarios there are.")
  private boolean list;

  private Faults() {}

  /// Runs the command line.
  public static void main(String[] arguments) {
    var line = new CommandLine(new Faults()).setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(line.execute(arguments));
  }

  @Override
  public Integer call() {
    if (list) {
      for (Scenario each : Scenario.values()) {
        System.out.printf("%-14s %s%n", each.label(), each.text());
      }
      return 0;
    }
    List<Scenario> scenarios = new ArrayList<>();
    for (String label : wanted) {
      Optional<Scenario> named = Scenario.named(label);
      if (named.isEmpty()) {
        System.err.println("switchboard: no scenario " + label + "; --list says which there are");
        return 2;
      }
      scenarios.add(named.get());
    }
    return run(scenarios.isEmpty() ? Arrays.asList(Scenario.values()) : scenarios);
  }

  private int run(List<Scenario> scenarios) {
    List<RoundResult> results = new ArrayList<>();
    var load = new Load(nodes, clients, rate, streams);
    boolean passed = true;
    for (Scenario scenario : scenarios) {
      var shown = new Series(scenario, rounds, load, page).run();
      results.addAll(shown.results());
      passed &= shown.passed();
    }
    System.out.println(new Report(results).text());
    return passed ? 0 : 1;
  }
}
