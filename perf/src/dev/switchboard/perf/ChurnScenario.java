package dev.switchboard.perf;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/// Clients that come, talk and leave in every way for an hour: what a node holds meanwhile, and
/// whether it is as it was when all are gone.
final class ChurnScenario {
  private static final int ROOMS = 200;
  private static final Duration EMPTY_LIMIT = Duration.ofSeconds(90);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final int READINGS_MIN = 6;
  private static final int MINUTE = 60;
  private static final double MINUTES_PER_HOUR = 60;
  private static final double MEBIBYTE = 1 << 20;

  /// What is freed by one collection may free more in the next.
  private static final int COLLECTIONS = 3;

  /// A heap that is resident from the start does not hide in the resident set's growth.
  private static final List<String> JVM_FLAGS =
      List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch", "-XX:NativeMemoryTracking=summary");

  /// Streams are forgotten before live heap at rest is read; who is silent is given up within 14 s.
  private static final List<String> SETTINGS =
      List.of(
          "channel.namespaces.kept.presence=true",
          "channel.namespaces.kept.history_size=10",
          "channel.namespaces.kept.history_ttl=5s",
          "channel.namespaces.kept.history_meta_ttl=5s",
          "channel.namespaces.kept.allow_subscribe_for_client=true",
          "channel.namespaces.kept.allow_publish_for_client=true",
          "channel.namespaces.kept.allow_history_for_client=true",
          "channel.namespaces.kept.allow_presence_for_client=true",
          "client.ping_interval=10s",
          "client.pong_timeout=3s");

  private static final Pattern HELD = Pattern.compile("\"num_(?:clients|subs)\":(\\d+)");

  private final Options options;
  private final Stress.Churn churn;
  private final ResultsPage page;

  ChurnScenario(Options options) {
    this.options = options;
    this.churn = options.stress().churn();
    this.page = new ResultsPage("churn", options.page());
  }

  /// Runs everything, reports, and fails when the node grew.
  void run() {
    Launch launch =
        new Gateway(options)
            .launch(ServerKind.SWITCHBOARD, i -> "kept:room-" + i % ROOMS, JVM_FLAGS, SETTINGS);
    try (ServerProcess server =
            ServerProcess.start(
                launch, options.serverCore(), page.serverLog(ServerKind.SWITCHBOARD, 1));
        ChurnClient client = new ChurnClient(launch, churn.rate())) {
      long warm = System.nanoTime() + churn.warmup().toNanos();
      client.runUntil(() -> System.nanoTime() - warm > 0);
      long before = atRest(server, client);
      List<Vitals> readings = readings(server, client);
      long after = atRest(server, client);
      double growth = (after - before) / MEBIBYTE;
      page.finish(
          List.of(ServerKind.SWITCHBOARD),
          method(),
          verdict(before, after)
              + summary(readings)
              + sum(client.tally())
              + everyReading(readings));
      check(growth, client.tally());
    }
  }

  private void check(double growth, ChurnClient.Tally tally) {
    if (growth > churn.tolerance()) {
      throw PerfException.failed(
          "live heap at rest grew by %.2f MiB, more than %d".formatted(growth, churn.tolerance()));
    }
    if (tally.lost() + tally.unanswered() > 0) {
      throw PerfException.failed("the node lost clients, or did not close: " + tally);
    }
  }

  private List<Vitals> readings(ServerProcess server, ChurnClient client) {
    long pid = server.pid();
    long seconds = churn.measure().toSeconds();
    long every = Math.clamp(seconds / READINGS_MIN, 1, MINUTE);
    List<Vitals> readings = new ArrayList<>();
    long start = System.nanoTime();
    for (long second = every; second <= seconds; second += every) {
      long due = start + Duration.ofSeconds(second).toNanos();
      client.runUntil(() -> System.nanoTime() - due >= 0);
      double minutes = second / (double) MINUTE;
      // By another thread, so that clients come and go meanwhile.
      CompletableFuture<Vitals> reading =
          CompletableFuture.supplyAsync(() -> Vitals.read(pid, minutes));
      client.runUntil(reading::isDone);
      readings.add(reading.join());
      page.line(String.join(" | ", cells(readings.getLast())));
    }
    return readings;
  }

  /// Live heap when all clients are gone and what they left has had its time.
  private long atRest(ServerProcess server, ChurnClient client) {
    client.runOut();
    long deadline = System.nanoTime() + EMPTY_LIMIT.toNanos();
    while (held(server.launch()) > 0) {
      if (System.nanoTime() > deadline) {
        throw PerfException.failed(
            "clients have left, and the node still has some: " + info(server.launch()));
      }
      pause(LOOK);
    }
    pause(churn.settle());
    long pid = server.pid();
    long heap =
        LongStream.range(0, COLLECTIONS).map(_ -> JavaHeap.liveBytes(pid)).min().getAsLong();
    page.line("live heap at rest: %.2f MiB".formatted(heap / MEBIBYTE));
    return heap;
  }

  /// Clients and subscriptions.
  private static long held(Launch node) {
    return HELD.matcher(info(node)).results().mapToLong(one -> Long.parseLong(one.group(1))).sum();
  }

  private static String info(Launch node) {
    try {
      return node.api().orElseThrow().call("api/info", "{}");
    } catch (IOException failure) {
      throw PerfException.failed("info failed", failure);
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw PerfException.failed("interrupted");
    }
  }

  private String verdict(long before, long after) {
    return """
    Live heap at rest was %.2f MiB after the warm-up and %.2f MiB at the end: %+.2f MiB. Up to %d
    MiB more are tolerated.

    """
        .formatted(
            before / MEBIBYTE, after / MEBIBYTE, (after - before) / MEBIBYTE, churn.tolerance());
  }

  private static String summary(List<Vitals> readings) {
    Table table = new Table("under churn", "first", "last", "min", "max", "per hour, second half");
    for (Vitals.Quantity quantity : Vitals.QUANTITIES) {
      Spread spread = Spread.of(readings.stream().mapToDouble(quantity.value()));
      table.add(
          quantity.name(),
          quantity.cell(quantity.value().applyAsDouble(readings.getFirst())),
          quantity.cell(quantity.value().applyAsDouble(readings.getLast())),
          quantity.cell(spread.min()),
          quantity.cell(spread.max()),
          "%+.2f".formatted(perHour(readings, quantity.value())));
    }
    return table.text();
  }

  private static double perHour(List<Vitals> readings, ToDoubleFunction<Vitals> value) {
    List<Vitals> half = readings.subList(readings.size() / 2, readings.size());
    double[] minutes = half.stream().mapToDouble(Vitals::minutes).toArray();
    return MINUTES_PER_HOUR * Trend.of(minutes, half.stream().mapToDouble(value).toArray()).slope();
  }

  private static String sum(ChurnClient.Tally tally) {
    return """

    %,d clients came and left in %d ways; they got %,d replies and %,d pushes. The node lost %,d,
    did not answer %,d goodbyes and refused %,d commands; %,d were not in before it was time to go.
    """
        .formatted(
            tally.came(),
            ChurnClient.Farewell.values().length,
            tally.replies(),
            tally.pushes(),
            tally.lost(),
            tally.unanswered(),
            tally.refused(),
            tally.late());
  }

  private static String everyReading(List<Vitals> readings) {
    List<String> headings = new ArrayList<>(List.of("minute"));
    Vitals.QUANTITIES.forEach(quantity -> headings.add(quantity.name()));
    Table table = new Table(headings.toArray(String[]::new));
    readings.forEach(one -> table.add(cells(one)));
    return "\nEvery reading:\n\n" + table.text();
  }

  private static String[] cells(Vitals vitals) {
    List<String> cells = new ArrayList<>(List.of("%.1f".formatted(vitals.minutes())));
    Vitals.QUANTITIES.forEach(
        quantity -> cells.add(quantity.cell(quantity.value().applyAsDouble(vitals))));
    return cells.toArray(String[]::new);
  }

  private String method() {
    return """
    %,d clients/s come to one node, whatever became of those before. Each has a signed token of its
    own user, subscribes to one of %d rooms and to a channel of its own, both with history and
    presence, publishes to both, asks for history and presence, stays 10 s, publishes once more and
    leaves: by close frame, by ending the connection, by reset, by falling silent (half open, until
    the node gives it up), or, one in five, by a reset within 40 ms of its coming. %d s of that are
    warm-up. Then all leave, the node has %d s of rest without clients and its live heap is read;
    then %,d s of churn with a reading up to every minute; then rest and live heap again. %s.

    Live heap is the total of a class histogram, which collects garbage first; at rest it is the
    least of %d. Direct is "Other" of native memory tracking. The heap is fixed and touched at the
    start, so RSS moves with what lies outside of it. "Per hour" is the slope of the straight line
    through the second half of the readings.
    """
        .formatted(
            churn.rate(),
            ROOMS,
            churn.warmup().toSeconds(),
            churn.settle().toSeconds(),
            churn.measure().toSeconds(),
            options.pinning(),
            COLLECTIONS);
  }
}
