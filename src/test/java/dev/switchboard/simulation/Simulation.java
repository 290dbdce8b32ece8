package dev.switchboard.simulation;

import dev.switchboard.simulation.Schedule.Outcome;
import dev.switchboard.simulation.Tally.Count;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// Runs schedules by the thousand; see `scripts/simulate --help`.
final class Simulation {
  private static final int ALL = 10_000;
  private static final int SHOWN = 20;

  private final PrintStream out;
  private Planted planted = Planted.NOTHING;
  private final Tally total = new Tally();
  private final List<Outcome> failed = new ArrayList<>();

  private Simulation(PrintStream out) {
    this.out = out;
  }

  /// @param arguments `--seeds N`, `--from S`, `--all`, `--seed S`, `--trace`, `--planted BUG`
  public static void main(String[] arguments) throws InterruptedException {
    var simulation = new Simulation(System.out);
    try {
      System.exit(simulation.run(arguments) ? 0 : 1);
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException mistaken) {
      System.err.println("switchboard: wrong options, see scripts/simulate --help: " + mistaken);
      System.exit(2);
    }
  }

  private boolean run(String[] arguments) throws InterruptedException {
    long first = 1;
    long seeds = 1_000;
    boolean trace = false;
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--all" -> seeds = ALL;
        case "--seeds" -> seeds = Long.parseLong(arguments[++i]);
        case "--from" -> first = Long.parseLong(arguments[++i]);
        case "--seed" -> {
          first = Long.parseLong(arguments[++i]);
          seeds = 1;
        }
        case "--trace" -> trace = true;
        case "--planted" -> planted = Planted.valueOf(arguments[++i]);
        default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
      }
    }
    if (trace) {
      note(Schedule.run(first, planted, Trace.to(out::println)));
    } else {
      runAll(first, seeds);
    }
    report();
    return failed.isEmpty();
  }

  private void runAll(long first, long seeds) throws InterruptedException {
    long began = System.nanoTime();
    var next = new AtomicLong(first);
    int threads = Runtime.getRuntime().availableProcessors();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      for (int i = 0; i < threads; i++) {
        executor.execute(
            () -> {
              for (long seed = next.getAndIncrement();
                  seed < first + seeds;
                  seed = next.getAndIncrement()) {
                note(told(seed, planted));
              }
            });
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    out.printf("%,d schedules in %.1f s, %.0f a second%n", seeds, seconds, seeds / seconds);
  }

  /// Runs a schedule, and again with its story when it fails: it is the same again.
  static Outcome told(long seed, Planted planted) {
    Outcome outcome = Schedule.run(seed, planted, Trace.off());
    return outcome.violation() == null ? outcome : Schedule.run(seed, planted, Trace.lastLines());
  }

  private synchronized void note(Outcome outcome) {
    total.add(outcome.tally());
    if (outcome.violation() != null) {
      failed.add(outcome);
      if (failed.size() <= SHOWN) {
        out.printf("seed %d: %s%n", outcome.seed(), outcome.violation().getMessage());
      }
    }
    if (total.count(Count.SCHEDULES) % 1_000 == 0) {
      out.printf("... %,d schedules%n", total.count(Count.SCHEDULES));
    }
  }

  private void report() {
    for (Count count : Count.values()) {
      out.printf("%-20s %,18d%n", count.name().toLowerCase().replace('_', ' '), total.count(count));
    }
    if (failed.isEmpty()) {
      out.println("no invariant was violated");
      return;
    }
    failed.sort(Comparator.comparingLong(Outcome::seed));
    out.println();
    out.println(report(failed.getFirst()));
    for (Invariant invariant : Invariant.values()) {
      List<Long> seeds =
          failed.stream()
              .filter(outcome -> outcome.violation().invariant() == invariant)
              .map(Outcome::seed)
              .toList();
      if (!seeds.isEmpty()) {
        out.printf(
            "%s: %d seeds, %s%n", invariant, seeds.size(), seeds.stream().limit(15).toList());
      }
    }
  }

  /// What somebody has to know to see it happen again.
  static String report(Outcome outcome) {
    Violation violation = outcome.violation();
    var text = new StringBuilder();
    text.append(outcome.story())
        .append("\nseed ")
        .append(outcome.seed())
        .append(", step ")
        .append(outcome.tally().count(Count.STEPS))
        .append(": ")
        .append(violation.getMessage());
    if (violation.getCause() != null) {
      for (StackTraceElement element : violation.getCause().getStackTrace()) {
        text.append("\n    at ").append(element);
      }
    }
    return text.append("\nagain: scripts/simulate --seed ")
        .append(outcome.seed())
        .append(" --trace")
        .toString();
  }
}
