package dev.switchboard.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Scenarios done to one cluster, one after the other. Immutable.
///
/// A round that failed gets its successor a new cluster.
///
/// @param name of the folder of logs, below `target/faults`
/// @param rounds of each scenario
/// @param slack what every time limit is multiplied by; 1 for machines that have nothing else to do
record Campaign(String name, List<Scenario> scenarios, int rounds, Load load, int slack) {
  private static final Path LOGS = Path.of("target", "faults");
  private static final Duration START = Duration.ofSeconds(180);

  /// Where logs are kept.
  Path folder() {
    return LOGS.resolve(name);
  }

  /// Runs everything; nothing it started is left, even when this JVM is told to end.
  ///
  /// @param watcher is told of each round
  List<RoundResult> run(Consumer<RoundResult> watcher) {
    List<RoundResult> results = new ArrayList<>();
    Arena arena = null;
    for (Scenario scenario : scenarios) {
      for (int round = 1; round <= rounds; round++) {
        arena = arena == null ? open(results.size() + 1) : arena;
        var result = attempt(arena, scenario, round);
        results.add(result);
        watcher.accept(result);
        if (!result.passed()) {
          arena.close();
          arena = null;
        }
      }
    }
    if (arena != null) {
      arena.close();
    }
    return results;
  }

  private Arena open(int number) {
    boolean namespaces = scenarios.stream().anyMatch(Scenario::needsNamespaces);
    return new Arena(folder().resolve("cluster-" + number), namespaces, load);
  }

  private RoundResult attempt(Arena arena, Scenario scenario, int round) {
    String reason = arena.begin(START);
    return reason.isEmpty()
        ? new Round(arena, scenario, round, slack).run()
        : RoundResult.notBegun(scenario, round, reason);
  }
}
