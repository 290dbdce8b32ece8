package dev.switchboard.perf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Clients of the first node subscribe to many channels, which every other node has to learn of
/// before they are answered: subscribes per second of server processor time.
final class SubscribeScenario {
  private static final Duration LIMIT = Duration.ofSeconds(120);

  /// Between subscribing and leaving: what is still on its way must not fall into the other.
  private static final Duration REST = Duration.ofMillis(300);

  private static final List<ServerKind> SERVERS = List.of(ServerKind.SWITCHBOARD);

  private final Options options;
  private final Options.Subscribe subscribe;
  private final ResultsPage page;
  private final List<Run> runs = new ArrayList<>();

  SubscribeScenario(Options options) {
    this.options = options;
    this.subscribe = options.subscribe();
    this.page = new ResultsPage("subscribe", options.page());
  }

  /// Seconds are those of the subscribing alone; `p50` and `p99` are of a batch, in milliseconds.
  private record Run(
      long subscribes,
      double wallSeconds,
      double nodeCpu,
      double clusterCpu,
      double p50,
      double p99) {
    double perNodeCpuSecond() {
      return subscribes / nodeCpu;
    }

    double perClusterCpuSecond() {
      return subscribes / clusterCpu;
    }

    double perSecond() {
      return subscribes / wallSeconds;
    }

    String[] cells(int repeat) {
      return new String[] {
        "" + repeat,
        FanoutRun.whole(perNodeCpuSecond()),
        FanoutRun.whole(perClusterCpuSecond()),
        FanoutRun.whole(perSecond()),
        "%.2f".formatted(p50),
        "%.2f".formatted(p99),
        FanoutRun.whole(subscribes)
      };
    }
  }

  /// Runs everything and reports.
  void run() {
    Table all =
        new Table(
            "run",
            "subscribes per CPU-s of the node",
            "per CPU-s of all nodes",
            "subscribes/s",
            "batch p50 ms",
            "batch p99 ms",
            "subscribes");
    for (int repeat = 1; repeat <= subscribe.repeats(); repeat++) {
      Run run = runOnce(repeat);
      runs.add(run);
      page.line(String.join(" | ", run.cells(repeat)));
      all.add(run.cells(repeat));
    }
    page.finish(SERVERS, method(), summary() + "\nEvery run:\n\n" + all.text(), List.of(plot()));
  }

  private Run runOnce(int repeat) {
    List<String> settings = List.of("client.channels_max=" + subscribe.channels());
    List<Launch> launches =
        new Gateway(options).launchCluster(subscribe.nodes(), _ -> "", List.of(), settings);
    try (NodeGroup nodes =
            NodeGroup.start(
                launches,
                options.serverCore(),
                node -> page.serverLog(ServerKind.SWITCHBOARD, repeat, node));
        SubscribeClient client =
            new SubscribeClient(launches.getFirst(), subscribe.channels(), subscribe.batch())) {
      client.open(subscribe.clients(), LIMIT);
      cycles(nodes, client, subscribe.warmup());
      return cycles(nodes, client, subscribe.measure());
    }
  }

  /// Subscribes and leaves until subscribing alone took so long.
  private Run cycles(NodeGroup nodes, SubscribeClient client, Duration time) {
    double wall = 0;
    double nodeCpu = 0;
    double clusterCpu = 0;
    long subscribes = 0;
    List<Samples> cycles = new ArrayList<>();
    while (wall < time.toNanos() / 1e9) {
      double nodeBefore = nodes.node(0).cpuSeconds();
      double clusterBefore = nodes.cpuSeconds();
      long startedAt = System.nanoTime();
      cycles.add(client.subscribe(LIMIT));
      wall += (System.nanoTime() - startedAt) / 1e9;
      nodeCpu += nodes.node(0).cpuSeconds() - nodeBefore;
      clusterCpu += nodes.cpuSeconds() - clusterBefore;
      subscribes += (long) subscribe.clients() * subscribe.channels();
      client.idle(REST);
      client.unsubscribe(LIMIT);
      client.idle(REST);
    }
    Samples batches = Samples.joined(cycles);
    return new Run(
        subscribes,
        wall,
        nodeCpu,
        clusterCpu,
        batches.percentileMillis(50),
        batches.percentileMillis(99));
  }

  private String summary() {
    Table table = new Table("subscribes", "median", "min", "max");
    row(table, "per CPU-s of the clients' node", Run::perNodeCpuSecond);
    row(table, "per CPU-s of all nodes", Run::perClusterCpuSecond);
    row(table, "per second", Run::perSecond);
    return table.text();
  }

  private Plot plot() {
    return new BarPlot(
        "cost",
        "Subscribes of channels that another node has to learn of",
        "per second of what",
        "subscribes",
        List.of(
            bar("CPU of the clients' node", Run::perNodeCpuSecond),
            bar("CPU of all nodes", Run::perClusterCpuSecond),
            bar("time", Run::perSecond)));
  }

  private BarPlot.Bar bar(String group, ToDoubleFunction<Run> value) {
    Spread spread = Spread.of(runs.stream().mapToDouble(value));
    return new BarPlot.Bar(group, Plot.Series.of(ServerKind.SWITCHBOARD), spread);
  }

  private void row(Table table, String name, ToDoubleFunction<Run> value) {
    Spread spread = Spread.of(runs.stream().mapToDouble(value));
    table.add(
        name,
        FanoutRun.whole(spread.median()),
        FanoutRun.whole(spread.min()),
        FanoutRun.whole(spread.max()));
  }

  private String method() {
    return """
    %d node(s) of one cluster on loopback. %,d sockets on the first subscribe to %,d channels each,
    all different, %d commands in a frame, the next frame when all are answered; then they leave
    them again, and so on. Only subscribing is measured. %d s of warm-up and at least %d s of
    measurement, %d runs, new processes each; %s. The limits of commands and channels per client
    are out of the way. Processor time is utime + stime of the server processes, kernel work
    included.
    """
        .formatted(
            subscribe.nodes(),
            subscribe.clients(),
            subscribe.channels(),
            subscribe.batch(),
            subscribe.warmup().toSeconds(),
            subscribe.measure().toSeconds(),
            subscribe.repeats(),
            options.pinning());
  }
}
