package dev.switchboard.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `scripts/fuzz`: gives generated inputs to the targets named, or to all, and exits with 1 when
/// one of them was a finding.
@Command(
    name = "scripts/fuzz",
    mixinStandardHelpOptions = true,
    description = {
      "Gives generated inputs to the code that reads what strangers and other nodes send,",
      "guided by what they reach: crashes, broken rules, hangs over 50 ms and buffers that",
      "are not released are findings. A finding ends the run of its target; its input is in",
      "target/fuzz. What every test run replays is in src/test/resources."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:nothing was found",
      "1:something was found, or a target did not run",
      "2:wrong usage"
    })
final class Fuzz implements Callable<Integer> {
  @Parameters(paramLabel = "TARGET", arity = "0..*", description = "Default: all; see --list.")
  private List<String> wanted = List.of();

  @Option(
      names = "--executions",
      paramLabel = "N",
      description = "In all, shared out evenly; default 1000000.")
  private long executions = 1_000_000;

  @Option(names = "--anew", description = "Forgets the runs so far: the page is of those since.")
  private boolean anew;

  @Option(
      names = "--page",
      description = "Writes a page of all runs since --anew into perf/results.")
  private boolean page;

  @Option(names = "--list", description = "Says which targets there are.")
  private boolean list;

  private Fuzz() {}

  /// Runs the command line.
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Fuzz()).execute(arguments));
  }

  @Override
  public Integer call() {
    if (list) {
      for (FuzzTarget target : FuzzTarget.values()) {
        System.out.printf("%-9s %s%n", target.label(), target.type());
      }
      return 0;
    }
    List<FuzzTarget> targets = new ArrayList<>();
    for (String label : wanted) {
      Optional<FuzzTarget> named = FuzzTarget.named(label);
      if (named.isEmpty()) {
        System.err.println("switchboard: no target " + label + "; --list says which there are");
        return 2;
      }
      targets.add(named.get());
    }
    if (executions < 0) {
      System.err.println("switchboard: --executions must not be negative");
      return 2;
    }
    if (anew) {
      FuzzLedger.clear();
    }
    return run(targets.isEmpty() ? Arrays.asList(FuzzTarget.values()) : targets);
  }

  private int run(List<FuzzTarget> targets) {
    boolean clean = true;
    long each = executions / targets.size();
    for (FuzzTarget target : each == 0 ? List.<FuzzTarget>of() : targets) {
      FuzzResult result = new FuzzRun(target, each, System.out).run();
      FuzzLedger.add(result);
      System.out.printf(
          "%s: %,d executions in %,d s, %,d new inputs, %s%n",
          target.label(),
          result.executions(),
          result.seconds(),
          result.inputs(),
          result.finding().map(text -> "FOUND " + text).orElse("nothing found"));
      clean &= result.finding().isEmpty();
    }
    if (page) {
      System.out.println("wrote " + new FuzzPage(FuzzLedger.all()).write());
    }
    return clean ? 0 : 1;
  }
}
