package dev.switchboard.perf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToDoubleFunction;

/// Most clients of a node are gone at once and come back at once: how long until all are there, and
/// what those notice who stayed.
final class DropScenario {
  private static final Duration LIMIT = Duration.ofSeconds(180);
  private static final int WINDOW = 128;
  private static final int PUBLISHERS = 4;
  private static final double BACK_GOAL = 10;
  private static final double RATIO_GOAL = 3;

  /// Those who come back share the client's core with those who measure.
  private static final Duration NAP = Duration.ofNanos(100_000);

  private static final List<ServerKind> SERVERS = List.of(ServerKind.SWITCHBOARD);

  private final Options options;
  private final Stress.Drop drop;
  private final ResultsPage page;
  private final List<Run> runs = new ArrayList<>();

  DropScenario(Options options) {
    this.options = options;
    this.drop = options.stress().drop();
    this.page = new ResultsPage("drop", options.page());
  }

  /// When it happened, as [System#nanoTime] counts.
  ///
  /// @param back when the last was connected and subscribed again
  private record Storm(long dropped, long back) {
    double seconds() {
      return (back - dropped) / 1e9;
    }
  }

  /// One run.
  ///
  /// @param serverCpu seconds of processor time while they came back
  /// @param late by how much the client sent too late while they came back
  private record Run(
      Storm storm, Samples before, Samples during, Samples after, double serverCpu, Samples late) {
    double ratio() {
      return during.percentileMillis(99) / before.percentileMillis(99);
    }

    String[] cells(int repeat) {
      List<String> cells = new ArrayList<>();
      cells.add("" + repeat);
      cells.add("%.2f".formatted(storm.seconds()));
      for (Samples samples : List.of(before, during, after)) {
        cells.add("%.2f".formatted(samples.percentileMillis(50)));
        cells.add("%.2f".formatted(samples.percentileMillis(99)));
        cells.add("%.2f".formatted(samples.percentileMillis(100)));
      }
      cells.add("%.2f".formatted(ratio()));
      cells.add("%.0f %%".formatted(100 * serverCpu / storm.seconds()));
      cells.add("%.2f".formatted(late.percentileMillis(99)));
      cells.add(FanoutRun.whole(during.count()));
      return cells.toArray(String[]::new);
    }
  }

  /// Runs everything and reports.
  void run() {
    Machine.checkDescriptors(drop.connections() + PUBLISHERS);
    Table all =
        new Table(
            "run",
            "all back s",
            "p50 before ms",
            "p99 before ms",
            "max before ms",
            "p50 during ms",
            "p99 during ms",
            "max during ms",
            "p50 after ms",
            "p99 after ms",
            "max after ms",
            "p99 ratio",
            "server CPU during",
            "client late p99 during ms",
            "messages during");
    for (int repeat = 1; repeat <= drop.repeats(); repeat++) {
      Run run = runOnce(repeat);
      runs.add(run);
      page.line(String.join(" | ", run.cells(repeat)));
      all.add(run.cells(repeat));
    }
    page.finish(SERVERS, method(), summary() + "\nEvery run:\n\n" + all.text());
  }

  private String channelOf(int client) {
    return client < drop.subscribers() ? channelOfMessage(client) : "own-" + client;
  }

  private String channelOfMessage(long number) {
    return "told-" + number % drop.subscribers();
  }

  private Run runOnce(int repeat) {
    Launch launch =
        new Gateway(options).launch(SERVERS.getFirst(), this::channelOf, List.of(), List.of());
    try (ServerProcess server =
            ServerProcess.start(
                launch, options.serverCore(), page.serverLog(SERVERS.getFirst(), repeat));
        StormClient crowd = new StormClient(launch);
        CrossingClient client = new CrossingClient(launch, this::channelOfMessage)) {
      int others = drop.connections() - drop.subscribers();
      crowd.arrive(StormClient.Kind.PLAIN, drop.subscribers(), others, WINDOW, LIMIT);
      for (int i = 0; i < drop.warmups(); i++) {
        storm(crowd);
      }
      Arrivals arrivals = new Arrivals();
      client.openSubscribers(launch, 0, drop.subscribers(), arrivals, LIMIT);
      client.openPublishers(PUBLISHERS, LIMIT);
      return measure(server, crowd, client, arrivals);
    }
  }

  /// The crowd has a thread of its own that gives way to the one that measures: dropping 10,000
  /// sockets would stop the clock's hand otherwise.
  private Run measure(
      ServerProcess server, StormClient crowd, CrossingClient client, Arrivals arrivals) {
    AtomicBoolean over = new AtomicBoolean();
    Duration calm = drop.warmup().plus(drop.measure());
    CompletableFuture<Storm> storm = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("crowd")
            .start(
                () -> {
                  try {
                    Machine.giveWay();
                    crowd.idle(calm);
                    storm.complete(storm(crowd));
                    crowd.idleUntil(over::get);
                  } catch (RuntimeException failure) {
                    storm.completeExceptionally(failure);
                  }
                });
    try {
      return measure(server, client, arrivals, storm);
    } finally {
      over.set(true);
      join(thread);
    }
  }

  private Storm storm(StormClient crowd) {
    long dropped = System.nanoTime();
    crowd.leave(drop.gone());
    int first = drop.connections() - drop.gone();
    crowd.arrive(StormClient.Kind.PLAIN, first, drop.gone(), WINDOW, LIMIT);
    return new Storm(dropped, System.nanoTime());
  }

  private Run measure(
      ServerProcess server,
      CrossingClient client,
      Arrivals arrivals,
      CompletableFuture<Storm> storm) {
    Timeline delays = arrivals.timeline();
    Timeline lateness = new Timeline();
    Pacer pacer =
        new Pacer(client, drop.rate(), client.dialect().payload(drop.payloadBytes()), NAP);
    pacer.noteLateness(lateness);
    pacer.runFor(drop.warmup());
    long from = System.nanoTime();
    pacer.runFor(drop.measure());
    double cpuBefore = server.cpuSeconds();
    pacer.runUntil(storm::isDone);
    double cpu = server.cpuSeconds() - cpuBefore;
    Storm seen = storm.join();
    pacer.runFor(drop.measure());
    client.await(() -> arrivals.count() >= client.sent(), LIMIT, "messages were lost");
    client.checkSpread();
    return new Run(
        seen,
        delays.between(from, seen.dropped()),
        delays.between(seen.dropped(), seen.back()),
        delays.between(seen.back(), System.nanoTime()),
        cpu,
        lateness.between(seen.dropped(), seen.back()));
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PerfException.failed("interrupted");
    }
  }

  private String summary() {
    Table table = new Table("", "median", "min", "max", "goal");
    row(table, "until all are back, s", run -> run.storm().seconds(), "<= %.0f", BACK_GOAL);
    row(table, "p99 during / p99 before", Run::ratio, "< %.0f", RATIO_GOAL);
    row(table, "p99 before, ms", run -> run.before().percentileMillis(99), "-", 0);
    row(table, "p99 during, ms", run -> run.during().percentileMillis(99), "-", 0);
    row(table, "p99 after, ms", run -> run.after().percentileMillis(99), "-", 0);
    return table.text();
  }

  private void row(
      Table table, String name, ToDoubleFunction<Run> value, String goal, double number) {
    Spread spread = Spread.of(runs.stream().mapToDouble(value));
    table.add(
        name,
        "%.2f".formatted(spread.median()),
        "%.2f".formatted(spread.min()),
        "%.2f".formatted(spread.max()),
        goal.formatted(number));
  }

  private String method() {
    return """
    %,d connections to one node, each with a signed token of its own user and a channel of its
    own. As a node runs for long, %d drops go before, for its code to be compiled. Then
    %,d messages/s of %d B of data go to %,d of them in turn, on a fixed schedule: a delay
    counts from when the message was *due*. After %d s of warm-up and %d s of "before", %,d
    connections that get no messages are dropped with a reset, all at once, and come back as fast as
    the node lets them in, %d on their way at a time; each is back with the reply to its subscribe. "During" is
    from the drop until the last is back, "after" the %d s behind that. Every message must have
    arrived once. %d runs, new processes each; %s. Those who come back have a thread of their own,
    which gives way (SCHED_IDLE) to the one that measures, in the same process; that one naps for
    0.1 ms at a time, which is in every delay. The node refuses nobody for its lag or for the rate of connects.
    """
        .formatted(
            drop.connections(),
            drop.warmups(),
            drop.rate(),
            drop.payloadBytes(),
            drop.subscribers(),
            drop.warmup().toSeconds(),
            drop.measure().toSeconds(),
            drop.gone(),
            WINDOW,
            drop.measure().toSeconds(),
            drop.repeats(),
            options.pinning());
  }
}
