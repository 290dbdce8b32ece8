package dev.switchboard.perf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// Three nodes: messages enter at A for subscribers on B and C, then B stands still (SIGSTOP).
///
/// What A keeps for B, and what C's subscribers notice. Besides the channels B has a part in there
/// are some that only C knows: those must not be refused at all.
final class StuckScenario {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /// What is held up before or at the end of a window still has to come before the next begins.
  private static final Duration REST = Duration.ofSeconds(2);

  /// Three nodes need more than one core: the client leaves them most of its own.
  private static final Duration NAP = Duration.ofNanos(200_000);

  private static final int A = 0;
  private static final int B = 1;
  private static final int C = 2;
  private static final int PUBLISHERS = 4;

  /// One message more for every so many goes to a channel that only C knows.
  private static final int APART_EVERY = 10;

  private static final int APART_CHANNELS = 5;
  private static final double MEBIBYTE = 1 << 20;
  private static final List<ServerKind> SERVERS = List.of(ServerKind.SWITCHBOARD);

  private static final List<String> JVM_FLAGS = List.of("-XX:NativeMemoryTracking=summary");

  private final Options options;
  private final Options.Stuck stuck;
  private final ResultsPage page;
  private final List<Run> runs = new ArrayList<>();

  StuckScenario(Options options) {
    this.options = options;
    this.stuck = options.stuck();
    this.page = new ResultsPage("stuck", options.page());
  }

  /// What a process holds, in bytes.
  private record Memory(long heap, long direct) {
    static Memory of(long pid) {
      return new Memory(JavaHeap.liveBytes(pid), JavaHeap.directBytes(pid));
    }
  }

  /// One run; delays are milliseconds on C.
  ///
  /// @param calmCpu share of a core that all nodes took before B was stopped
  /// @param calmBusy share of the messages to B and C that were refused before B was stopped
  /// @param busy the same while B stood still
  /// @param apartBusy messages to C alone that were refused in either time
  private record Run(
      Memory before,
      Memory during,
      Delays calm,
      Delays stopped,
      double calmCpu,
      double calmBusy,
      double busy,
      long apartBusy) {
    double heapMebibytes() {
      return (during.heap() - before.heap()) / MEBIBYTE;
    }

    double directMebibytes() {
      return (during.direct() - before.direct()) / MEBIBYTE;
    }

    double retainedMebibytes() {
      return heapMebibytes() + directMebibytes();
    }

    double ratio() {
      return stopped.all().percentileMillis(99) / calm.all().percentileMillis(99);
    }

    double apartRatio() {
      return stopped.apart().percentileMillis(99) / calm.apart().percentileMillis(99);
    }

    String[] cells(int repeat) {
      return new String[] {
        "" + repeat,
        "%.1f".formatted(heapMebibytes()),
        "%.1f".formatted(directMebibytes()),
        "%.2f".formatted(calm.all().percentileMillis(50)),
        "%.2f".formatted(calm.all().percentileMillis(99)),
        "%.2f".formatted(stopped.all().percentileMillis(50)),
        "%.2f".formatted(stopped.all().percentileMillis(99)),
        "%.2f".formatted(ratio()),
        "%.2f".formatted(apartRatio()),
        "%.0f %%".formatted(100 * calmCpu),
        FanoutRun.whole(stopped.all().count()),
        "%.1f %%".formatted(100 * calmBusy),
        "%.1f %%".formatted(100 * busy),
        "" + apartBusy
      };
    }
  }

  /// Delays on C: of messages that B gets too, and of those that only C gets.
  private record Delays(Samples shared, Samples apart) {
    Samples all() {
      return Samples.joined(List.of(shared, apart));
    }
  }

  /// Runs everything and reports.
  void run() {
    Table all =
        new Table(
            "run",
            "heap MiB",
            "direct MiB",
            "p50 before ms",
            "p99 before ms",
            "p50 stopped ms",
            "p99 stopped ms",
            "p99 ratio",
            "p99 ratio, C only",
            "CPU before",
            "on C while stopped",
            "refused before",
            "refused stopped",
            "refused, C only");
    for (int repeat = 1; repeat <= stuck.repeats(); repeat++) {
      Run run = runOnce(repeat);
      runs.add(run);
      page.line(String.join(" | ", run.cells(repeat)));
      all.add(run.cells(repeat));
    }
    String results = summary() + "\nEvery run:\n\n" + all.text() + warnings();
    page.finish(SERVERS, method(), results, List.of(memoryPlot(), delayPlot()));
  }

  private Plot memoryPlot() {
    return new BarPlot(
        "memory",
        "What the publishing node holds while another stands still",
        "where",
        "MiB more than before",
        List.of(
            bar("live heap", 0, "retained", Run::heapMebibytes),
            bar("direct", 0, "retained", Run::directMebibytes),
            bar("both", 0, "retained", Run::retainedMebibytes)));
  }

  private Plot delayPlot() {
    List<BarPlot.Bar> bars = new ArrayList<>();
    for (double percentile : new double[] {50, 99}) {
      String group = "p" + Scale.text(percentile);
      bars.add(bar(group, 0, "before", run -> run.calm().all().percentileMillis(percentile)));
      bars.add(bar(group, 4, "stopped", run -> run.stopped().all().percentileMillis(percentile)));
    }
    return new BarPlot(
        "delay", "Publish to receipt on the node that runs", "percentile", "milliseconds", bars);
  }

  private BarPlot.Bar bar(String group, int hue, String label, ToDoubleFunction<Run> value) {
    Spread spread = Spread.of(runs.stream().mapToDouble(value));
    return new BarPlot.Bar(group, new Plot.Series(label, hue, 0), spread);
  }

  /// What a reader must not overlook.
  private String warnings() {
    return runs.stream().anyMatch(run -> run.calmBusy() > 0)
        ? "\nMessages were refused before the stop: the machine does not carry this rate, and the\n"
            + "ratios mean nothing. Run again on a quiet machine or with a lower --rate.\n"
        : "";
  }

  /// Subscribers: first those on B, then those on C of the same channels, then those on C alone.
  private String channelOf(int subscriber) {
    return subscriber < 2 * stuck.channels()
        ? "shared-" + subscriber % stuck.channels()
        : "apart-" + (subscriber - 2 * stuck.channels());
  }

  private static boolean isApart(long number) {
    return number % (APART_EVERY + 1) == APART_EVERY;
  }

  private String channelOfMessage(long number) {
    long turn = number / (APART_EVERY + 1);
    return isApart(number)
        ? "apart-" + turn % APART_CHANNELS
        : "shared-" + (turn * APART_EVERY + number % (APART_EVERY + 1)) % stuck.channels();
  }

  private Run runOnce(int repeat) {
    List<Launch> launches =
        new Gateway(options).launchCluster(3, this::channelOf, JVM_FLAGS, List.of());
    try (NodeGroup nodes =
            NodeGroup.start(
                launches,
                OptionalInt.empty(),
                node -> page.serverLog(ServerKind.SWITCHBOARD, repeat, node));
        CrossingClient client = new CrossingClient(launches.get(A), this::channelOfMessage)) {
      int channels = stuck.channels();
      Arrivals onC = new Arrivals();
      Arrivals apart = new Arrivals();
      client.openSubscribers(launches.get(B), 0, channels, new Arrivals(), LIMIT);
      client.openSubscribers(launches.get(C), channels, channels, onC, LIMIT);
      client.openSubscribers(launches.get(C), 2 * channels, APART_CHANNELS, apart, LIMIT);
      client.openPublishers(PUBLISHERS, LIMIT);
      return measure(nodes, client, onC, apart);
    }
  }

  private Run measure(NodeGroup nodes, CrossingClient client, Arrivals onC, Arrivals apart) {
    int perSecond = stuck.rate() + stuck.rate() / APART_EVERY;
    String payload = client.dialect().payload(stuck.payloadBytes());
    Pacer pacer = new Pacer(client, perSecond, payload, NAP);
    client.bearBusy();
    pacer.runFor(stuck.warmup());
    // Reading pauses A, and the jam behind the pause makes its buffer pools grow: once for nothing.
    memory(nodes.node(A), pacer);
    pacer.runFor(REST);
    long firstCalm = client.sent();
    double cpuBefore = nodes.cpuSeconds();
    Delays calm = delays(pacer, onC, apart);
    double calmCpu = (nodes.cpuSeconds() - cpuBefore) / stuck.measure().toSeconds();
    long lastCalm = client.sent();
    Memory before = memory(nodes.node(A), pacer);
    pacer.runFor(REST);
    nodes.node(B).suspend();
    long firstStopped = client.sent();
    Delays stopped = delays(pacer, onC, apart);
    long lastStopped = client.sent();
    Memory during = memory(nodes.node(A), pacer);
    awaitAccepted(client, onC, apart);
    List<Long> refused = client.refused();
    long apartRefused =
        among(refused, firstCalm, lastCalm).filter(StuckScenario::isApart).count()
            + among(refused, firstStopped, lastStopped).filter(StuckScenario::isApart).count();
    return new Run(
        before,
        during,
        calm,
        stopped,
        calmCpu,
        share(refused, firstCalm, lastCalm),
        share(refused, firstStopped, lastStopped),
        apartRefused);
  }

  /// Everything that was not refused has to arrive on C, once.
  private static void awaitAccepted(CrossingClient client, Arrivals onC, Arrivals apart) {
    client.await(
        () -> onC.count() + apart.count() >= client.sent() - client.refused().size(),
        LIMIT,
        "messages to C were lost although they were accepted");
    if (onC.count() + apart.count() > client.sent() - client.refused().size()) {
      throw PerfException.failed("C got messages twice, or refused ones");
    }
  }

  private static Stream<Long> among(List<Long> refused, long from, long to) {
    return refused.stream().filter(number -> number >= from && number < to);
  }

  private static double share(List<Long> refused, long from, long to) {
    double shared = (to - from) * (double) APART_EVERY / (APART_EVERY + 1);
    return among(refused, from, to).filter(number -> !isApart(number)).count() / shared;
  }

  /// Runs for a window; what is late still comes into it, as long as messages are read.
  private Delays delays(Pacer pacer, Arrivals onC, Arrivals apart) {
    long from = System.nanoTime();
    long to = from + stuck.measure().toNanos();
    Delays delays = new Delays(onC.window(from, to), apart.window(from, to));
    pacer.runFor(stuck.measure());
    return delays;
  }

  /// Read by another thread, so that the load goes on.
  private static Memory memory(ServerProcess node, Pacer pacer) {
    long pid = node.pid();
    CompletableFuture<Memory> reading = CompletableFuture.supplyAsync(() -> Memory.of(pid));
    pacer.runUntil(reading::isDone);
    return reading.join();
  }

  private String summary() {
    Table table = new Table("while B stands still", "median", "min", "max", "target");
    row(table, "retained on A, MiB", Run::retainedMebibytes, "<= 16");
    row(table, "p99 on C / p99 before", Run::ratio, "<= 1.5");
    row(table, "the same, channels of C only", Run::apartRatio, "<= 1.5");
    return table.text();
  }

  private void row(Table table, String name, ToDoubleFunction<Run> value, String target) {
    Spread spread = Spread.of(runs.stream().mapToDouble(value));
    table.add(
        name,
        "%.2f".formatted(spread.median()),
        "%.2f".formatted(spread.min()),
        "%.2f".formatted(spread.max()),
        target);
  }

  private String method() {
    return """
    Three nodes of one cluster on loopback. %,d messages/s of %,d B of data enter at A, for %d
    channels with a subscriber on B and one on C; %,d/s more for channels of C only. The schedule
    is fixed: a delay counts from when the message was *due*. After %d s of warm-up %d s of delays on
    C are taken and A's memory is read; then B gets SIGSTOP, %d s of delays are taken from that
    moment, A's memory is read again while B still stands, before Hazelcast gives it up. %d runs,
    new processes each; the nodes may use every core. The client naps for 0.2 ms at a time, which
    is in every delay.

    Retained is the difference of A's live heap (total of a class histogram, which collects
    garbage first) and "Other" of native memory tracking, both under load. A publication for B
    and C that finds B's window full is refused with 111 ("busy"), and counted as refused; every
    accepted one must arrive on C.
    """
        .formatted(
            stuck.rate(),
            stuck.payloadBytes(),
            stuck.channels(),
            stuck.rate() / APART_EVERY,
            stuck.warmup().toSeconds(),
            stuck.measure().toSeconds(),
            stuck.measure().toSeconds(),
            stuck.repeats());
  }
}
