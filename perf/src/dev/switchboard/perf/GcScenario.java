package dev.switchboard.perf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A node with many connections and much to deliver, under one collector after the other: how long
/// the JVM stands still, and what subscribers notice.
final class GcScenario {
  private static final Duration LIMIT = Duration.ofSeconds(180);
  private static final int PUBLISHERS = 4;
  private static final double[] PERCENTILES = {50, 99, 99.9, 100};
  private static final double GOAL_MILLIS = 10;
  private static final double MEBIBYTE = 1 << 20;

  /// Where nothing is pinned, collectors have threads that want the client's core too.
  private static final Duration NAP = Duration.ofNanos(100_000);

  /// The same heap for all: how long and how often they stop depends on it.
  private static final List<String> HEAP = List.of("-Xms1g", "-Xmx1g");

  private static final List<ServerKind> SERVERS = List.of(ServerKind.SWITCHBOARD);

  private final Options options;
  private final Stress.Gc gc;
  private final ResultsPage page;
  private final int channels;

  GcScenario(Options options) {
    this.options = options;
    this.gc = options.stress().gc();
    this.page = new ResultsPage("gc", options.page());
    this.channels = Math.max(1, gc.connections() / gc.subscribers());
  }

  /// What one collector did.
  ///
  /// @param cpu processor time of the node, in shares of a core
  /// @param resident bytes at the end
  /// @param late by how much the client sent too late
  private record Run(
      Collector collector, GcLog log, Samples delays, double cpu, long resident, Samples late) {
    String[] pauses() {
      List<String> cells = new ArrayList<>();
      cells.addAll(List.of(collector.label(), FanoutRun.whole(log.pauses().count())));
      for (double percentile : PERCENTILES) {
        cells.add(millis(log.pauses(), percentile));
      }
      cells.add("%.0f ms".formatted(GOAL_MILLIS));
      cells.add(millis(log.others(), 100));
      cells.add(FanoutRun.whole(log.stalls().count()));
      cells.add(millis(log.stalls(), 100));
      return cells.toArray(String[]::new);
    }

    String[] deliveries() {
      List<String> cells = new ArrayList<>();
      cells.addAll(List.of(collector.label(), FanoutRun.whole(delays.count())));
      for (double percentile : PERCENTILES) {
        cells.add(millis(delays, percentile));
      }
      cells.add("%.0f %%".formatted(100 * cpu));
      cells.add("%.0f".formatted(resident / MEBIBYTE));
      cells.add(millis(late, 99));
      return cells.toArray(String[]::new);
    }

    private static String millis(Samples samples, double percentile) {
      return samples.count() == 0 ? "-" : "%.2f".formatted(samples.percentileMillis(percentile));
    }
  }

  /// Runs everything and reports.
  void run() {
    Machine.checkDescriptors(gc.connections() + PUBLISHERS);
    Table pauses =
        new Table(
            "collector",
            "pauses",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "max ms",
            "goal p99.9",
            "max other stop ms",
            "stalls",
            "max stall ms");
    Table deliveries =
        new Table(
            "collector",
            "deliveries",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "max ms",
            "CPU",
            "RSS MiB",
            "client late p99 ms");
    for (int i = 0; i < gc.collectors().size(); i++) {
      Run run = runOnce(i + 1, gc.collectors().get(i));
      pauses.add(run.pauses());
      deliveries.add(run.deliveries());
      page.line("pauses: " + String.join(" | ", run.pauses()));
      page.line("deliveries: " + String.join(" | ", run.deliveries()));
    }
    page.finish(SERVERS, method(), pauses.text() + "\nDeliveries:\n\n" + deliveries.text());
  }

  private String channelOf(long number) {
    return "gc-" + number % channels;
  }

  private Run runOnce(int number, Collector collector) {
    Path serverLog = page.serverLog(SERVERS.getFirst(), number);
    Path gcLog =
        serverLog.resolveSibling(
            serverLog.getFileName().toString().replace(".log", "-" + collector.label() + ".gc"));
    List<String> flags = new ArrayList<>(HEAP);
    flags.add(GcLog.flag(gcLog));
    Launch launch =
        new Gateway(options)
            .launch(SERVERS.getFirst(), this::channelOf, flags)
            .with(collector.environment());
    try (ServerProcess server = ServerProcess.start(launch, options.serverCore(), serverLog);
        CrossingClient client = new CrossingClient(launch, this::channelOf)) {
      Arrivals arrivals = new Arrivals();
      client.openSubscribers(launch, 0, gc.connections(), arrivals, LIMIT);
      client.openPublishers(PUBLISHERS, LIMIT);
      return measure(server, collector, client, arrivals, gcLog);
    } catch (PerfException e) {
      throw PerfException.failed(collector.label() + ": " + e.getMessage());
    }
  }

  private Run measure(
      ServerProcess server,
      Collector collector,
      CrossingClient client,
      Arrivals arrivals,
      Path gcLog) {
    int perSecond = Math.max(1, gc.rate() * channels / gc.connections());
    Pacer pacer = new Pacer(client, perSecond, client.dialect().payload(gc.payloadBytes()), NAP);
    pacer.runFor(gc.warmup());
    Samples late = new Samples();
    pacer.noteLateness((_, nanos) -> late.add(nanos));
    long logged = GcLog.length(gcLog);
    double cpuBefore = server.cpuSeconds();
    long from = System.nanoTime();
    Samples delays = arrivals.window(from, from + gc.measure().toNanos());
    pacer.runFor(gc.measure());
    double seconds = (System.nanoTime() - from) / 1e9;
    double cpu = (server.cpuSeconds() - cpuBefore) / seconds;
    GcLog log = GcLog.read(gcLog, logged, GcLog.length(gcLog));
    long resident = Cpu.residentBytes(server.pid());
    client.await(() -> arrivals.count() >= due(client.sent()), LIMIT, "messages were lost");
    return new Run(collector, log, delays, cpu, resident, late);
  }

  /// Deliveries of so many messages, where not all channels may have the same audience.
  private long due(long messages) {
    long due = 0;
    for (int channel = 0; channel < channels; channel++) {
      long sent = messages / channels + (channel < messages % channels ? 1 : 0);
      int audience = gc.connections() / channels + (channel < gc.connections() % channels ? 1 : 0);
      due += sent * audience;
    }
    return due;
  }

  private String method() {
    return """
    %,d connections to one node, each with a signed token of its own user, on %,d channels. %,d
    deliveries/s of %d B of data on a fixed schedule, one message at a time to all of a channel: a
    delay counts from when the message was *due* until a subscriber has read it; all are kept. %d s
    of warm-up, %d s measured, a new process for each collector, with a heap of 1 GiB and otherwise
    the flags of conf/jvm.options; %s.

    A pause is a safepoint that the collector asked for, as the JVM logs it (`safepoint`): from
    asking all threads to stop until they run again. Other stops are safepoints for anything else.
    A stall is a thread that waits for a concurrent collector to free memory; nobody else waits.
    With fewer than 1,000 pauses p99.9 is the longest. The logs with what each pause was for
    (`gc*`) are in perf/out. The client naps for 0.1 ms at a time, which is in every delay.
    """
        .formatted(
            gc.connections(),
            channels,
            gc.rate(),
            gc.payloadBytes(),
            gc.warmup().toSeconds(),
            gc.measure().toSeconds(),
            options.pinning());
  }
}
