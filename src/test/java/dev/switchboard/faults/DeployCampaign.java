package dev.switchboard.faults;

import dev.switchboard.faults.referee.Total;
import dev.switchboard.faults.referee.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// A rolling restart of three nodes behind a real HAProxy, as a deploy does it. Immutable.
///
/// Confined to the harness's thread. The nodes go by SIGTERM, each when the one before is back and
/// every client has all its subscriptions.
///
/// @param rate publications to streams per second
/// @param drain `node.drain_period`
record DeployCampaign(int clients, int rate, Duration drain) {
  /// The most that one client may have to connect again, and the most for nearly all.
  static final int MOVES_MAX = 3;

  static final int USUAL_MOVES_MAX = 2;
  static final double USUAL_SHARE = 0.9;

  /// The largest share of clients that may be without a whole session at once.
  static final double AT_ONCE_MAX = 0.2;

  /// How long 99 % of the pauses may last at most.
  static final Duration PAUSE_MAX = Duration.ofSeconds(3);

  private static final int NODES = 3;
  private static final Duration START = Duration.ofSeconds(300);
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final Duration STEADY = Duration.ofSeconds(5);
  private static final double MOST = 0.99;

  /// What it showed.
  ///
  /// @param codes how often which code ended a session
  /// @param failures what was not as it must be; none is good
  record Result(
      DeployCampaign campaign,
      Moves moves,
      Verdict verdict,
      Map<Integer, Long> codes,
      Duration took,
      List<String> failures) {
    boolean passed() {
      return failures.isEmpty();
    }
  }

  static Path folder() {
    return Path.of("target", "faults", "deploy");
  }

  /// Runs it; nothing it started is left.
  ///
  /// @param progress is told of each step
  Result run(Consumer<String> progress) {
    var load = new Load(NODES, clients, rate, Load.Streams.REQUIRED, Load.Access.BALANCED);
    List<String> settings =
        List.of(
            "node.drain_period=%ds".formatted(drain.toSeconds()),
            "client.close_grace=1s",
            "http.trusted_proxies=127.0.0.0/8");
    try (var arena = new Arena(folder(), false, load, _ -> settings)) {
      List<String> failures = new ArrayList<>();
      arena.mustBegin(START);
      progress.accept("%,d clients are there".formatted(clients));
      arena.log().forget();
      arena.publishers().forEach(Publisher::resume);
      Archive streams = arena.archive().orElseThrow();
      streams.resume();
      Patience.pass(STEADY);
      long begun = System.nanoTime();
      for (NodeProcess node : arena.nodes()) {
        progress.accept(restart(arena, node, failures));
      }
      var took = Duration.ofNanos(System.nanoTime() - begun);
      Patience.pass(STEADY);
      arena.publishers().forEach(Publisher::pause);
      streams.pause();
      boolean level = Patience.until(LIMIT, () -> level(arena, streams)).isPresent();
      require(failures, level, "not everybody got all");
      var moves = Moves.of(arena.log().sessions());
      Verdict verdict = streams.judge(Scenario.ROLLING);
      failures.addAll(judged(moves, verdict));
      return new Result(this, moves, verdict, arena.log().endCodes(), took, failures);
    }
  }

  private static String restart(Arena arena, NodeProcess node, List<String> failures) {
    long begun = System.nanoTime();
    node.terminate();
    int code = node.exitCode(LIMIT);
    require(failures, code == 0, "%s exited with %d".formatted(node.name(), code));
    double gone = seconds(begun);
    node.start();
    boolean back = Patience.until(LIMIT, arena::together).isPresent();
    double ready = seconds(begun);
    arena.learn(node.api().members());
    boolean settled = Patience.until(LIMIT, arena::settled).isPresent();
    require(failures, back && settled, node.name() + " or its clients did not come back");
    String counts =
        arena.log().open().stream()
            .collect(Collectors.groupingBy(arena::nodeOf, Collectors.counting()))
            .toString();
    return "%s: gone after %.1f s, ready after %.1f s, all clients whole after %.1f s; on nodes %s"
        .formatted(node.name(), gone, ready, seconds(begun), counts);
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static boolean level(Arena arena, Archive streams) {
    arena.log();
    return streams.caughtUp();
  }

  private List<String> judged(Moves moves, Verdict verdict) {
    List<String> failures = new ArrayList<>(verdict.failures());
    failures.addAll(verdict.examples());
    long givenUp = verdict.total(Total.GIVEN_UP);
    require(failures, givenUp == 0, "%d keys were given up".formatted(givenUp));
    long flagged = verdict.total(Total.FLAGGED);
    require(failures, flagged == 0, "%d were told of a loss".formatted(flagged));
    require(failures, moves.clients() >= clients, "clients are missing");
    require(failures, moves.max() <= MOVES_MAX, "one client moved %d times".formatted(moves.max()));
    require(
        failures,
        moves.shareUpTo(USUAL_MOVES_MAX) >= USUAL_SHARE,
        "only %.1f %% moved at most %d times"
            .formatted(100 * moves.shareUpTo(USUAL_MOVES_MAX), USUAL_MOVES_MAX));
    require(
        failures,
        moves.shareAtOnce() <= AT_ONCE_MAX,
        "%.1f %% were reconnecting at once".formatted(100 * moves.shareAtOnce()));
    boolean quick =
        !moves.pauses().times().isEmpty() && moves.pauses().at(MOST).compareTo(PAUSE_MAX) <= 0;
    require(failures, quick, "pauses: " + moves.pauses().text());
    return failures;
  }

  private static void require(List<String> failures, boolean holds, String failure) {
    if (!holds) {
      failures.add(failure);
    }
  }
}
