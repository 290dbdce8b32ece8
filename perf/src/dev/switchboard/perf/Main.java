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
      run(Options.parse(arguments, Runtime.getRuntime().availableProcessors()));
    } catch (PerfException e) {
      System.err.println("perf/run: " + e.getMessage());
      System.exit(e.exitCode());
    }
  }

  private static void run(Options options) {
    switch (options.scenario()) {
      case CHECK -> SelfCheck.run();
      case IDLE -> measure(options, List.of(Options.Scenario.IDLE));
      case FANOUT -> measure(options, List.of(Options.Scenario.FANOUT));
      case ALL -> measure(options, List.of(Options.Scenario.IDLE, Options.Scenario.FANOUT));
    }
  }

  private static void measure(Options options, List<Options.Scenario> scenarios) {
    prepare(options, scenarios);
    if (scenarios.contains(Options.Scenario.IDLE)) {
      new IdleScenario(options).run();
    }
    if (scenarios.contains(Options.Scenario.FANOUT)) {
      new FanoutScenario(options).run();
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
    options.clientCore().ifPresent(core -> Cpu.pin(ProcessHandle.current().pid(), core));
  }
}
