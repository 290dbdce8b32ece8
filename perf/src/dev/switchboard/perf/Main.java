package dev.switchboard.perf;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Entry of `perf/run`: measures Switchboard and its peers on this machine.
final class Main {
  private Main() {}

  /// Exits with 0, or with the code of what went wrong and one message on standard error.
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    if (Arrays.asList(arguments).contains("--help")) {
      System.out.print(Options.HELP);
      return;
    }
    try {
      List<String> words = List.of(arguments);
      if (!words.isEmpty() && words.getFirst().equals("jmh")) {
        new Jmh(words.subList(1, words.size())).run();
        return;
      }
      run(Options.parse(arguments, Runtime.getRuntime().availableProcessors()));
    } catch (PerfException e) {
      System.err.println("perf/run: " + e.getMessage());
      System.exit(e.exitCode());
    }
  }

  private static void run(Options options) {
    switch (options.scenario()) {
      case CHECK -> SelfCheck.run();
      case ALL ->
          measure(
              options,
              List.of(
                  Options.Scenario.IDLE,
                  Options.Scenario.FANOUT,
                  Options.Scenario.CLUSTER,
                  Options.Scenario.SUBSCRIBE,
                  Options.Scenario.STUCK,
                  Options.Scenario.PUBLISH,
                  Options.Scenario.STORM));
      case IDLE,
          FANOUT,
          CLUSTER,
          SUBSCRIBE,
          STUCK,
          PUBLISH,
          PRESENCE,
          STORM,
          DROP,
          CROWD,
          CHURN,
          GC,
          TRAIN ->
          measure(options, List.of(options.scenario()));
    }
  }

  private static void measure(Options options, List<Options.Scenario> scenarios) {
    prepare(options, scenarios);
    for (Options.Scenario scenario : scenarios) {
      switch (scenario) {
        case IDLE -> new IdleScenario(options).run();
        case FANOUT -> new FanoutScenario(options).run();
        case CLUSTER -> new ClusterScenario(options).run();
        case SUBSCRIBE -> new SubscribeScenario(options).run();
        case STUCK -> new StuckScenario(options).run();
        case PUBLISH -> new PublishScenario(options).run();
        case PRESENCE -> new PresenceScenario(options).run();
        case STORM -> new StormScenario(options).run();
        case DROP -> new DropScenario(options).run();
        case CROWD -> new CrowdScenario(options).run();
        case GC -> new GcScenario(options).run();
        case CHURN -> new ChurnScenario(options).run();
        case TRAIN -> new TrainScenario(options).run();
        case ALL, CHECK -> throw new IllegalArgumentException(scenario + " is not measured");
      }
    }
  }

  /// Pins last: a build may use every core.
  private static void prepare(Options options, List<Options.Scenario> scenarios) {
    try {
      Files.createDirectories(ResultsPage.OUT);
    } catch (IOException e) {
      throw PerfException.failed("cannot create " + ResultsPage.OUT, e);
    }
    Set<ServerKind> servers = EnumSet.noneOf(ServerKind.class);
    scenarios.forEach(scenario -> servers.addAll(options.serversOf(scenario)));
    Prerequisites.ensure(servers, ResultsPage.OUT);
    // What trains is not measured: it may have the machine.
    if (!scenarios.contains(Options.Scenario.TRAIN)) {
      options.clientCore().ifPresent(core -> Cpu.pin(ProcessHandle.current().pid(), core));
    }
  }
}
