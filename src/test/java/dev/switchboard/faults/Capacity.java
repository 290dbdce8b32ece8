package dev.switchboard.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// How much three nodes carry beside their clients on this machine.
///
/// More and more is published to streams until too little is acknowledged, or it comes too late.
/// Confined to the harness's thread.
///
/// @param clients of the SDK, ten to a stream
/// @param first publications per second of the first step
/// @param hold how long each step is measured
record Capacity(int clients, int first, Duration hold) {
  private static final int NODES = 3;
  private static final double GROWTH = 1.5;
  private static final double ACKED_MIN = 0.95;
  private static final Duration DELAY_MAX = Duration.ofSeconds(1);
  private static final Duration START = Duration.ofSeconds(180);
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final Duration LEVEL = Duration.ofSeconds(15);
  private static final int SHARE_PERCENT = 60;

  /// One rate.
  ///
  /// @param acked keys per second that were acknowledged at their first attempt
  /// @param delays from the first attempt to each subscriber
  /// @param level whether everybody had all soon afterwards
  record Step(int rate, double acked, Percentiles delays, boolean level) {
    boolean carried() {
      return acked >= ACKED_MIN * rate
          && !delays.times().isEmpty()
          && delays.at(0.99).compareTo(DELAY_MAX) <= 0
          && level;
    }

    String text() {
      return "%,d/s wanted, %,.0f/s acknowledged, delay %s, %s: %s"
          .formatted(
              rate,
              acked,
              delays.text(),
              level ? "all got all" : "not all got all",
              carried() ? "carried" : "too much");
    }
  }

  /// What was found.
  ///
  /// @param steps more each time until one was too much, then one between that and the last
  /// @param footprint of the clients' JVM
  record Found(List<Step> steps, String footprint) {
    /// The greatest rate that was carried, 0 when none was.
    int rate() {
      return steps.stream().filter(Step::carried).mapToInt(Step::rate).max().orElse(0);
    }

    /// What fault campaigns run with.
    int share() {
      return rate() * SHARE_PERCENT / 100;
    }
  }

  /// Runs it; nothing it started is left.
  ///
  /// @param progress is told of each step
  Found run(Consumer<String> progress) {
    var load = new Load(NODES, clients, first, Load.Streams.REQUIRED);
    Path folder = Path.of("target", "faults", "capacity");
    try (var arena = new Arena(folder, true, load)) {
      arena.mustBegin(START);
      arena.publishers().forEach(Publisher::resume);
      List<Step> steps = new ArrayList<>();
      int rate = first;
      do {
        steps.add(step(arena, rate));
        progress.accept(steps.getLast().text());
        rate = (int) Math.ceil(rate * GROWTH);
      } while (steps.getLast().carried());
      int between = (int) (steps.getLast().rate() * (1 + 1 / GROWTH) / 2);
      steps.add(step(arena, between));
      progress.accept(steps.getLast().text());
      return new Found(steps, arena.footprint());
    }
  }

  private Step step(Arena arena, int rate) {
    Archive streams = arena.archive().orElseThrow();
    streams.pace(rate);
    streams.resume();
    Patience.pass(WARM_UP);
    arena.log();
    streams.delays();
    long begun = System.nanoTime();
    Patience.pass(hold);
    arena.log();
    var taken = streams.delays();
    double seconds = (System.nanoTime() - begun) / 1e9;
    streams.pause();
    boolean level =
        Patience.until(
                LEVEL,
                () -> {
                  arena.log();
                  return streams.caughtUp();
                })
            .isPresent();
    return new Step(rate, taken.acked() / seconds, taken.delays(), level);
  }
}
