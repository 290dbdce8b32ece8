package dev.switchboard.faults;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A third node joins two that have all the clients, behind a real HAProxy. Immutable.
///
/// Confined to the harness's thread.
///
/// @param rate publications to streams per second
/// @param perSecond `rebalance.sessions_per_second`
record ScaleCampaign(int clients, int rate, int perSecond) {
  /// How far a node may be from the mean of all.
  static final double OFF_MAX = 0.1;

  /// How soon after the third is ready.
  static final Duration LIMIT = Duration.ofMinutes(2);

  private static final int NODES = 3;
  private static final Duration START = Duration.ofSeconds(300);
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Duration STEADY = Duration.ofSeconds(5);
  private static final int SETTLE_SECONDS = 10;

  /// What it showed.
  ///
  /// @param before sessions of each node when the third was ready
  /// @param after sessions of each node at the end
  /// @param even how long it took until all were near the mean; empty when they were not in time
  record Result(
      ScaleCampaign campaign,
      Map<String, Integer> before,
      Map<String, Integer> after,
      Optional<Duration> even,
      Moves moves,
      List<String> failures) {
    boolean passed() {
      return failures.isEmpty();
    }
  }

  static Path folder() {
    return Path.of("target", "faults", "scale");
  }

  /// Runs it; nothing it started is left.
  ///
  /// @param progress is told of each step
  Result run(Consumer<String> progress) {
    var load = new Load(NODES, clients, rate, Load.Streams.REQUIRED, Load.Access.BALANCED);
    List<String> settings =
        List.of(
            "rebalance.sessions_per_second=" + perSecond,
            "rebalance.settle=%ds".formatted(SETTLE_SECONDS),
            "http.trusted_proxies=127.0.0.0/8");
    try (var arena = new Arena(folder(), false, load, _ -> settings)) {
      List<String> failures = new ArrayList<>();
      arena.mustBegin(START);
      Archive streams = arena.archive().orElseThrow();
      streams.resume();
      NodeProcess third = arena.nodes().getLast();
      NodeProcess first = arena.nodes().getFirst();
      third.terminate();
      third.exitCode(PATIENCE);
      Patience.until(
          PATIENCE, () -> sessions(first).values().stream().mapToInt(n -> n).sum() >= clients);
      Patience.pass(STEADY);
      arena.log().forget();
      progress.accept("on two nodes: " + sessions(first));
      third.start();
      Patience.until(PATIENCE, arena::together);
      arena.learn(first.api().members());
      Map<String, Integer> before = sessions(first);
      progress.accept("the third is ready: " + before);
      var even = Patience.until(LIMIT, () -> isEven(sessions(first)));
      // Even for longer than a moment.
      Patience.pass(STEADY);
      Map<String, Integer> after = sessions(first);
      progress.accept("at the end: " + after);
      require(failures, even.isPresent() && isEven(after), "not even in time: " + after);
      streams.pause();
      boolean settled = Patience.until(PATIENCE, arena::settled).isPresent();
      require(failures, settled, "not every client is whole");
      var verdict = streams.judge(Scenario.ROLLING);
      failures.addAll(verdict.failures());
      return new Result(this, before, after, even, Moves.of(arena.log().sessions()), failures);
    }
  }

  /// Sessions of each node, as one of them says.
  private static Map<String, Integer> sessions(NodeProcess asked) {
    Map<String, Integer> sessions = new TreeMap<>();
    asked
        .api()
        .call("info", new JsonObject())
        .ifPresent(
            info ->
                info.getJsonArray("nodes").stream()
                    .map(JsonObject.class::cast)
                    .forEach(
                        node ->
                            sessions.put(node.getString("name"), node.getInteger("num_clients"))));
    return sessions;
  }

  /// Whether all three are near the mean of what there should be.
  private boolean isEven(Map<String, Integer> sessions) {
    double mean = (double) clients / NODES;
    return sessions.size() == NODES
        && sessions.values().stream().allMatch(count -> Math.abs(count - mean) <= OFF_MAX * mean);
  }

  private static void require(List<String> failures, boolean holds, String failure) {
    if (!holds) {
      failures.add(failure);
    }
  }
}
