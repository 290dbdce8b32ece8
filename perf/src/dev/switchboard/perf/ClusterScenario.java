package dev.switchboard.perf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;

/// Messages that enter at the first node and leave at the last, each to one of many sockets.
///
/// An open loop shows what a user waits, a closed loop what a message costs in processor time of
/// all nodes together. Servers take turns with new processes each.
final class ClusterScenario {
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(120);
  private static final Duration ROUND_LIMIT = Duration.ofSeconds(20);

  /// Warm-up where only the load changes: everything is compiled by then.
  private static final Duration CHANGE = Duration.ofSeconds(3);

  /// A round larger than one frame is spread over them.
  private static final int PUBLISHERS = 4;

  /// Share of the servers' core that others may take before a run is called disturbed.
  private static final double DISTURBED = 0.1;

  /// Share of what the closed loop carried up to which a rate is tried: beyond it a queue grows.
  private static final double CARRIED = 0.75;

  private static final double[] PERCENTILES = {50, 99, 99.9, 100};

  /// A push as it leaves the gateway, for when no gateway is measured to copy the size from.
  private static final String NOMINAL_ENVELOPE =
      "{\"push\":{\"channel\":\"s-00000\",\"pub\":{\"data\":,\"info\":{\"user\":\"perf-publisher\","
          + "\"client\":\"00000000-0000-0000-0000-000000000000\"}}}}";

  private final Options options;
  private final Options.Cluster cluster;
  private final List<ServerKind> servers;
  private final ResultsPage page;
  private final List<CrossingRun> runs = new ArrayList<>();
  private final List<Latency> latencies = new ArrayList<>();
  private int messageBytes;

  ClusterScenario(Options options) {
    this.options = options;
    this.cluster = options.cluster();
    this.servers = options.serversOf(Options.Scenario.CLUSTER);
    this.page = new ResultsPage("cluster", options.page());
    this.messageBytes = NOMINAL_ENVELOPE.length() + cluster.payloadBytes();
  }

  /// One open loop of one server.
  ///
  /// @param cpuMicros processor time of all nodes per message
  private record Latency(ServerKind kind, int rate, int repeat, Samples samples, double cpuMicros) {
    String[] cells() {
      List<String> cells = new ArrayList<>();
      cells.addAll(List.of(FanoutRun.whole(rate), kind.label(), "" + repeat));
      for (double percentile : PERCENTILES) {
        cells.add("%.3f".formatted(samples.percentileMillis(percentile)));
      }
      cells.add("%.1f".formatted(cpuMicros));
      cells.add(FanoutRun.whole(samples.count()));
      return cells.toArray(String[]::new);
    }
  }

  /// The servers of one run.
  ///
  /// @param brokers what they need to hear of each other
  private record Cast(List<Launch> brokers, List<Launch> nodes) {}

  /// Runs everything and reports.
  void run() {
    Machine.checkDescriptors(cluster.subscribers());
    for (int repeat = 1; repeat <= cluster.repeats(); repeat++) {
      for (ServerKind kind : servers) {
        runServer(kind, repeat);
      }
    }
    page.finish(servers, method(), results() + warnings(), List.of(latencyPlot(), costPlot()));
  }

  private Cast launch(ServerKind kind) {
    int nodes = cluster.nodes();
    return switch (kind) {
      case SWITCHBOARD -> {
        var gateway = new Gateway(options);
        yield new Cast(
            List.of(), gateway.launchCluster(nodes, this::address, List.of(), List.of()));
      }
      case NAIVE -> new Cast(List.of(), Peers.naive(nodes, this::address, options));
      case SOCKETIO -> {
        int port = Ports.free();
        yield new Cast(
            List.of(Redis.launch(kind, port)), Peers.socketIo(nodes, this::address, port));
      }
      case SWITCHBOARD_DEFLATE, SWITCHBOARD_PROTOBUF, SWITCHBOARD_DELTA, BUN, WS ->
          throw PerfException.usage(kind.label() + " is not measured in a cluster");
    };
  }

  /// All of one length: a message has the same size whoever it is for.
  private String address(long number) {
    return "s-%05d".formatted(number % cluster.subscribers());
  }

  private void runServer(ServerKind kind, int repeat) {
    IntFunction<Path> log = node -> page.serverLog(kind, repeat, node);
    Cast cast = launch(kind);
    try (NodeGroup nodes =
            NodeGroup.start(cast.brokers(), cast.nodes(), options.serverCore(), log);
        CrossingClient client = new CrossingClient(nodes.node(0).launch(), this::address)) {
      Arrivals arrivals = new Arrivals();
      client.openSubscribers(nodes.last().launch(), 0, cluster.subscribers(), arrivals, OPEN_LIMIT);
      client.openPublishers(PUBLISHERS, OPEN_LIMIT);
      String payload = payload(kind, client, arrivals);
      rounds(client, cluster.inFlight().getLast(), payload, arrivals, cluster.warmup());
      double most = 0;
      for (int inFlight : cluster.inFlight()) {
        CrossingRun run = closedLoop(nodes, client, inFlight, payload, arrivals);
        page.line(String.join(" | ", run.cells(repeat)));
        runs.add(run);
        most = Math.max(most, run.perSecond());
      }
      for (int rate : cluster.rates()) {
        if (rate > CARRIED * most) {
          page.line("%s: does not carry %,d/s".formatted(kind.label(), rate));
          continue;
        }
        double before = nodes.cpuSeconds();
        long sentBefore = client.sent();
        Samples samples = openLoop(client, arrivals, payload, rate);
        double micros = 1e6 * (nodes.cpuSeconds() - before) / (client.sent() - sentBefore);
        Latency latency = new Latency(kind, rate, repeat, samples, micros);
        page.line(String.join(" | ", latency.cells()));
        latencies.add(latency);
      }
      client.checkSpread();
    } catch (PerfException e) {
      throw PerfException.failed(kind.label() + ": " + e.getMessage());
    }
  }

  /// The naive reference sends what Switchboard's subscribers get, byte count for byte count.
  private String payload(ServerKind kind, CrossingClient client, Arrivals arrivals) {
    boolean ours = kind == ServerKind.SWITCHBOARD;
    String payload = client.dialect().payload(ours ? cluster.payloadBytes() : messageBytes);
    client.round(1, payload, arrivals, ROUND_LIMIT);
    if (!arrivals.first().contains(payload)) {
      throw PerfException.failed("got something else than was published: " + arrivals.first());
    }
    if (ours) {
      messageBytes = arrivals.first().length();
    }
    return payload;
  }

  private Samples openLoop(CrossingClient client, Arrivals arrivals, String payload, int rate) {
    Pacer pacer = new Pacer(client, rate, payload, Duration.ZERO);
    pacer.runFor(CHANGE);
    long from = System.nanoTime();
    Samples samples = arrivals.window(from, from + cluster.measure().toNanos());
    pacer.runFor(cluster.measure());
    client.await(
        () -> arrivals.count() == client.sent(), ROUND_LIMIT, "messages of the open loop are lost");
    arrivals.closeWindows();
    return samples;
  }

  private CrossingRun closedLoop(
      NodeGroup nodes, CrossingClient client, int inFlight, String payload, Arrivals arrivals) {
    rounds(client, inFlight, payload, arrivals, CHANGE);
    long self = ProcessHandle.current().pid();
    long sentBefore = client.sent();
    double clientBefore = Cpu.seconds(self);
    double entryBefore = nodes.node(0).cpuSeconds();
    double nodesBefore = nodes.cpuSeconds();
    double coreBefore = coreSeconds();
    long startedAt = System.nanoTime();
    Samples rounds = rounds(client, inFlight, payload, arrivals, cluster.measure());
    double wall = (System.nanoTime() - startedAt) / 1e9;
    double nodesCpu = nodes.cpuSeconds() - nodesBefore;
    return new CrossingRun(
        nodes.node(0).launch().kind(),
        inFlight,
        client.sent() - sentBefore,
        wall,
        nodes.node(0).cpuSeconds() - entryBefore,
        nodesCpu,
        Cpu.seconds(self) - clientBefore,
        Math.max(0, coreSeconds() - coreBefore - nodesCpu),
        rounds);
  }

  private double coreSeconds() {
    return options.serverCore().isEmpty()
        ? Double.NaN
        : Cpu.coreSeconds(options.serverCore().getAsInt());
  }

  private static Samples rounds(
      CrossingClient client, int inFlight, String payload, Arrivals arrivals, Duration time) {
    Samples samples = new Samples();
    long end = System.nanoTime() + time.toNanos();
    long now = System.nanoTime();
    while (now < end) {
      client.round(inFlight, payload, arrivals, ROUND_LIMIT);
      long after = System.nanoTime();
      samples.add(after - now);
      now = after;
    }
    return samples;
  }

  private String results() {
    return "Publish to receipt at a rate, medians of the runs:\n\n"
        + latencySummary()
        + "\nMessages per CPU-second of all nodes together:\n\n"
        + costSummary()
        + "\nEvery run, open loop:\n\n"
        + everyLatency()
        + "\nEvery run, closed loop:\n\n"
        + everyRun();
  }

  private String latencySummary() {
    Table table =
        new Table(
            "messages/s",
            "server",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "max ms",
            "CPU us per message",
            "runs");
    for (int rate : cluster.rates()) {
      for (ServerKind kind : servers) {
        List<Latency> all =
            latencies.stream().filter(one -> one.kind() == kind && one.rate() == rate).toList();
        List<String> cells = new ArrayList<>(List.of(FanoutRun.whole(rate), kind.label()));
        for (double percentile : PERCENTILES) {
          cells.add(median(all, "%.3f", one -> one.samples().percentileMillis(percentile)));
        }
        cells.add(median(all, "%.1f", Latency::cpuMicros));
        cells.add("" + all.size());
        table.add(cells.toArray(String[]::new));
      }
    }
    return table.text();
  }

  /// Not the maximum: one run's worst says little, and would squeeze the rest together.
  private Plot latencyPlot() {
    List<LinePlot.Line> lines = new ArrayList<>();
    for (ServerKind kind : servers) {
      for (int i = 0; i < PERCENTILES.length - 1; i++) {
        double percentile = PERCENTILES[i];
        String label = "p" + Scale.text(percentile);
        List<LinePlot.Point> points = new ArrayList<>();
        for (int rate : cluster.rates()) {
          Spread spread =
              Spread.of(
                  latencies.stream()
                      .filter(one -> one.kind() == kind && one.rate() == rate)
                      .mapToDouble(one -> one.samples().percentileMillis(percentile)));
          if (!Double.isNaN(spread.median())) {
            points.add(new LinePlot.Point(rate, spread.median()));
          }
        }
        lines.add(new LinePlot.Line(Plot.Series.of(kind).with(label, i), points));
      }
    }
    return new LinePlot(
        "latency",
        "Publish on one node to receipt on another",
        "messages per second",
        "milliseconds, medians of the runs",
        true,
        lines);
  }

  private Plot costPlot() {
    List<BarPlot.Bar> bars = new ArrayList<>();
    for (int inFlight : cluster.inFlight()) {
      for (ServerKind kind : servers) {
        Spread spread = spread(kind, inFlight, CrossingRun::perCpuSecond);
        bars.add(new BarPlot.Bar(FanoutRun.whole(inFlight), Plot.Series.of(kind), spread));
      }
    }
    return new BarPlot(
        "cost",
        "Messages per second of processor time of all nodes",
        "messages in flight",
        "messages per CPU-second",
        bars);
  }

  private static String median(List<Latency> all, String format, ToDoubleFunction<Latency> value) {
    return all.isEmpty()
        ? "not carried"
        : format.formatted(Spread.of(all.stream().mapToDouble(value)).median());
  }

  private String costSummary() {
    Table table =
        new Table(
            "in flight",
            "server",
            "median messages per CPU-s",
            "min",
            "max",
            "round p50 ms",
            "Switchboard / this");
    for (int inFlight : cluster.inFlight()) {
      double ours = spread(ServerKind.SWITCHBOARD, inFlight, CrossingRun::perCpuSecond).median();
      for (ServerKind kind : servers) {
        Spread values = spread(kind, inFlight, CrossingRun::perCpuSecond);
        table.add(
            "" + inFlight,
            kind.label(),
            FanoutRun.whole(values.median()),
            FanoutRun.whole(values.min()),
            FanoutRun.whole(values.max()),
            "%.2f".formatted(spread(kind, inFlight, CrossingRun::roundMedian).median()),
            Double.isNaN(ours) || kind == ServerKind.SWITCHBOARD
                ? "-"
                : "%.2f".formatted(ours / values.median()));
      }
    }
    return table.text();
  }

  private Spread spread(ServerKind kind, int inFlight, ToDoubleFunction<CrossingRun> value) {
    return Spread.of(
        runs.stream()
            .filter(run -> run.kind() == kind && run.inFlight() == inFlight)
            .mapToDouble(value));
  }

  private String everyLatency() {
    Table table =
        new Table(
            "messages/s",
            "server",
            "run",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "max ms",
            "CPU us per message",
            "messages");
    latencies.forEach(latency -> table.add(latency.cells()));
    return table.text();
  }

  private String everyRun() {
    Table table =
        new Table(
            "server",
            "in flight",
            "run",
            "messages per CPU-s",
            "messages/s",
            "round p50 ms",
            "round p99 ms",
            "CPU of entry node",
            "CPU of exit node",
            "client CPU",
            "others on their core");
    int[] repeats = new int[ServerKind.values().length];
    for (CrossingRun run : runs) {
      int before = repeats[run.kind().ordinal()]++;
      table.add(run.cells(1 + before / cluster.inFlight().size()));
    }
    return table.text();
  }

  /// What a reader must not overlook.
  private String warnings() {
    return runs.stream().anyMatch(run -> run.othersCpu() > DISTURBED * run.wallSeconds())
        ? "\nOther work shared the servers' core: run again on a quiet machine.\n"
        : "";
  }

  private String method() {
    return """
    %d node(s) of one cluster on loopback. %,d sockets on the last, each with an address of its
    own; %d publishers at the first; message n goes to address n mod %,d. Open loop: %s messages/s
    on a fixed schedule where the closed loop carried more than a third above that, a delay counts from when the message was *due* (no coordinated omission),
    every delay is kept, so percentiles are exact. Closed loop: rounds of %s messages; the next
    round begins when the last has arrived. %d s of warm-up in all, %d s before and %d s of
    measurement in each loop; %d runs per server, %s in turn, new processes each; %s. Processor
    time is utime + stime of all server processes. At the end every socket must have had its messages, each once.

    A message is %d bytes for all servers. Naive is a clustered Vert.x server on the same
    libraries and JVM flags with one clustered `consumer()` per WebSocket (perf/peers/naive).
    Socket.IO has its Redis adapter and a Redis that keeps nothing, whose processor time is in
    that of its nodes (perf/peers/socketio-server.js). Neither checks a token or answers a publish.
    """
        .formatted(
            cluster.nodes(),
            cluster.subscribers(),
            PUBLISHERS,
            cluster.subscribers(),
            cluster.rates(),
            cluster.inFlight(),
            cluster.warmup().toSeconds(),
            CHANGE.toSeconds(),
            cluster.measure().toSeconds(),
            cluster.repeats(),
            String.join(", ", servers.stream().map(ServerKind::label).toList()),
            options.pinning(),
            messageBytes);
  }
}
