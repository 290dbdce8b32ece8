package dev.switchboard.perf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Durable publish: publications that are answered once their owner and a synchronous copy on
/// another node have them.
///
/// Closed loops show how many a second, open loops what each waits at a given rate. In the end
/// every node is asked what is in the streams: as many as were accepted, or the run has failed.
final class PublishScenario {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /// Warm-up where only the load changes: everything is compiled by then.
  private static final Duration CHANGE = Duration.ofSeconds(3);

  /// For when nothing is pinned: a client that spins would take what the nodes need.
  private static final Duration NAP = Duration.ofNanos(100_000);

  /// Share of the servers' core that others may take before a run is called disturbed.
  private static final double DISTURBED = 0.1;

  /// Share of a core above which the client of a closed loop may be what is measured.
  private static final double BUSY = 0.9;

  /// Channels for finding out whether the cluster has settled down: they meet most of the shards.
  private static final int TRIED = 1_000;

  private static final List<ServerKind> SERVERS = List.of(ServerKind.SWITCHBOARD);

  private final Options options;
  private final Options.Publish publish;
  private final ResultsPage page;
  private final List<PublishRun> runs = new ArrayList<>();
  private final List<String> logs = new ArrayList<>();

  PublishScenario(Options options) {
    this.options = options;
    this.publish = options.publish();
    this.page = new ResultsPage("publish", options.page());
  }

  /// Runs everything and reports.
  void run() {
    for (int repeat = 1; repeat <= publish.repeats(); repeat++) {
      runOnce(repeat);
    }
    List<Plot> plots =
        List.of(
            plot("rate", "Publications acknowledged", "per second", PublishRun::perSecond),
            plot(
                "delay",
                "Publish to reply (p99)",
                "milliseconds",
                run -> run.delays().percentileMillis(99)));
    page.finish(SERVERS, method(), results() + warnings(), plots);
  }

  private Plot plot(String name, String title, String unit, ToDoubleFunction<PublishRun> value) {
    List<BarPlot.Bar> bars = new ArrayList<>();
    List<PublishRun.Load> loads = runs.stream().map(PublishRun::load).distinct().toList();
    for (PublishRun.Load load : loads) {
      for (int i = 0; i < publish.channels().size(); i++) {
        int channels = publish.channels().get(i);
        Spread spread =
            Spread.of(
                runs.stream()
                    .filter(run -> run.load().equals(load) && run.channels() == channels)
                    .mapToDouble(value));
        Plot.Series series = new Plot.Series("%,d channel(s)".formatted(channels), 3 * i, 0);
        bars.add(new BarPlot.Bar(load.label(), series, spread));
      }
    }
    return new BarPlot(name, title, "load", unit, bars);
  }

  private void runOnce(int repeat) {
    List<String> settings =
        List.of(
            "channel.without_namespace.history_size=" + publish.history(),
            "channel.without_namespace.history_ttl=3600s");
    List<Launch> launches =
        new Gateway(options).launchCluster(publish.nodes(), _ -> "", List.of(), settings);
    try (NodeGroup nodes =
            NodeGroup.start(
                launches,
                options.serverCore(),
                node -> page.serverLog(ServerKind.SWITCHBOARD, repeat, node));
        PublishClient client = new PublishClient(LIMIT)) {
      String payload = launches.getFirst().dialect().payload(publish.payloadBytes());
      client.publishes(payload, number -> channel("try", number % TRIED));
      client.open(publish.publishers(), launches);
      client.awaitReady(TRIED);
      long[] accepted = new long[publish.channels().size()];
      for (int i = 0; i < accepted.length; i++) {
        accepted[i] -= client.accepted();
        publishTo(i, payload, client);
        warmUp(client);
        accepted[i] += client.accepted();
      }
      for (int i = 0; i < accepted.length; i++) {
        accepted[i] -= client.accepted();
        publishTo(i, payload, client);
        measure(repeat, publish.channels().get(i), nodes, client);
        accepted[i] += client.accepted();
      }
      for (int i = 0; i < accepted.length; i++) {
        check(repeat, i, accepted[i], launches);
      }
    }
  }

  /// From now on to one of the sets of channels.
  private void publishTo(int set, String payload, PublishClient client) {
    int channels = publish.channels().get(set);
    client.publishes(payload, number -> channel("set" + set, number % channels));
  }

  /// All of one length.
  private static String channel(String set, long number) {
    return "%s-%05d".formatted(set, number);
  }

  private void warmUp(PublishClient client) {
    int stretches = publish.channels().size() * publish.inFlight().size();
    for (int inFlight : publish.inFlight()) {
      client.begin(inFlight);
      client.run(publish.warmup().dividedBy(stretches));
      client.drain();
    }
  }

  private void measure(int repeat, int channels, NodeGroup nodes, PublishClient client) {
    List<PublishRun.Load> loads = new ArrayList<>();
    publish.inFlight().forEach(inFlight -> loads.add(new PublishRun.Closed(inFlight)));
    publish.rates().forEach(rate -> loads.add(new PublishRun.Open(rate, 1)));
    loads.add(new PublishRun.Open(publish.batchRate(), publish.batch()));
    for (PublishRun.Load load : loads) {
      PublishRun run = measure(repeat, channels, load, nodes, client);
      page.line(String.join(" | ", run.cells()));
      runs.add(run);
    }
  }

  private PublishRun measure(
      int repeat, int channels, PublishRun.Load load, NodeGroup nodes, PublishClient client) {
    begin(load, client);
    long self = ProcessHandle.current().pid();
    double clientBefore = Cpu.seconds(self);
    double nodesBefore = nodes.cpuSeconds();
    double coreBefore = coreSeconds();
    long acceptedBefore = client.accepted();
    long refusedBefore = client.refused();
    long startedAt = System.nanoTime();
    Samples delays = client.measure(startedAt, startedAt + publish.measure().toNanos());
    goOn(load, client);
    double wall = (System.nanoTime() - startedAt) / 1e9;
    double nodesCpu = nodes.cpuSeconds() - nodesBefore;
    PublishRun run =
        new PublishRun(
            repeat,
            channels,
            load,
            client.accepted() - acceptedBefore,
            client.refused() - refusedBefore,
            wall,
            nodesCpu,
            Cpu.seconds(self) - clientBefore,
            Math.max(0, coreSeconds() - coreBefore - nodesCpu),
            load instanceof PublishRun.Open ? client.lateness().percentileMillis(99) : 0,
            delays);
    client.drain();
    return run;
  }

  private void begin(PublishRun.Load load, PublishClient client) {
    switch (load) {
      case PublishRun.Closed(int inFlight) -> {
        client.begin(inFlight);
        client.run(CHANGE);
      }
      case PublishRun.Open(int rate, int batch) -> client.pace(rate, batch, CHANGE, nap());
    }
  }

  private void goOn(PublishRun.Load load, PublishClient client) {
    switch (load) {
      case PublishRun.Closed _ -> client.run(publish.measure());
      case PublishRun.Open(int rate, int batch) ->
          client.pace(rate, batch, publish.measure(), nap());
    }
  }

  private Duration nap() {
    return options.clientCore().isPresent() ? Duration.ZERO : NAP;
  }

  private double coreSeconds() {
    return options.serverCore().isEmpty()
        ? Double.NaN
        : Cpu.coreSeconds(options.serverCore().getAsInt());
  }

  /// Every node must know of as many publications as were accepted, neither more nor less.
  private void check(int repeat, int set, long accepted, List<Launch> launches) {
    int channels = publish.channels().get(set);
    List<String> names =
        IntStream.range(0, channels).mapToObj(number -> channel("set" + set, number)).toList();
    for (Launch node : launches) {
      KeptLog log = KeptLog.read(node.api().orElseThrow(), names, publish.history());
      if (log.published() != accepted) {
        throw PerfException.failed(
            "%,d publications were accepted, but the streams are at %,d"
                .formatted(accepted, log.published()));
      }
      String line =
          "run %d, %,d channels: %,d accepted, %,d in the offsets, %,d still kept"
              .formatted(repeat, channels, accepted, log.published(), log.kept());
      if (!logs.contains(line)) {
        page.line(line);
        logs.add(line);
      }
    }
  }

  private String results() {
    Table all = new Table(PublishRun.headings());
    runs.forEach(run -> all.add(run.cells()));
    return "Medians of the runs, of accepted/s and processor time with their range:\n\n"
        + summary()
        + "\nEvery run:\n\n"
        + all.text()
        + "\nWhat every node said of the streams in the end:\n\n* "
        + String.join("\n* ", logs)
        + "\n";
  }

  private String summary() {
    Table table =
        new Table(
            "channels",
            "load",
            "accepted/s",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "max ms",
            "nodes' CPU us each",
            "target");
    runs.stream()
        .filter(run -> run.repeat() == 1)
        .forEach(
            one ->
                table.add(
                    FanoutRun.whole(one.channels()),
                    one.load().label(),
                    range(one, "%,.0f", PublishRun::perSecond),
                    median(one, run -> run.delays().percentileMillis(50)),
                    median(one, run -> run.delays().percentileMillis(99)),
                    median(one, run -> run.delays().percentileMillis(99.9)),
                    median(one, run -> run.delays().percentileMillis(100)),
                    range(one, "%.1f", PublishRun::cpuMicros),
                    one.load().target()));
    return table.text();
  }

  private String range(PublishRun like, String format, ToDoubleFunction<PublishRun> value) {
    Spread spread = spread(like, value);
    String pattern = format + " (" + format + "-" + format + ")";
    return pattern.formatted(spread.median(), spread.min(), spread.max());
  }

  private String median(PublishRun like, ToDoubleFunction<PublishRun> value) {
    return "%.2f".formatted(spread(like, value).median());
  }

  private Spread spread(PublishRun like, ToDoubleFunction<PublishRun> value) {
    return Spread.of(
        runs.stream()
            .filter(run -> run.channels() == like.channels() && run.load().equals(like.load()))
            .mapToDouble(value));
  }

  /// What a reader must not overlook.
  private String warnings() {
    StringBuilder text = new StringBuilder();
    if (runs.stream().anyMatch(run -> run.refused() > 0)) {
      text.append("\nPublications were refused (\"busy\"): they are in no percentile.\n");
    }
    if (runs.stream().anyMatch(run -> run.othersCpu() > DISTURBED * run.wallSeconds())) {
      text.append("\nOther work shared the servers' core: run again on a quiet machine.\n");
    }
    if (runs.stream().anyMatch(PublishScenario::isClientBound)) {
      text.append("\nThe client of a closed loop took most of a core: it may be the limit.\n");
    }
    return text.toString();
  }

  private static boolean isClientBound(PublishRun run) {
    return run.load() instanceof PublishRun.Closed && run.clientCpu() > BUSY * run.wallSeconds();
  }

  private String method() {
    return """
    %d node(s) of one cluster on loopback, a namespace with `history_size: %d`. %d sockets, in turn
    at each node, publish %d B of data as WebSocket commands; publication n goes to channel n mod
    the number of channels; nobody subscribes. In a cluster a publication is answered when the node
    that owns its stream and a synchronous copy on another node have it. "In flight" is a closed
    loop: so many publications have no answer at any time, and what one frame of replies answered is
    published again in one frame. Rates are open loops on a fixed schedule, a frame for each
    publication or %d of them in a frame: a delay counts from when the frame was *due* (no
    coordinated omission) and ends with the reply; every delay is kept, so percentiles are exact.

    %d s of warm-up in all, %d s before and %d s of measurement in each loop; %d runs, new processes
    each; %s. Processor time is utime + stime of all server processes. In open loops the client
    %s; how late it was itself is in a column of its own. At the end the history of every channel is
    read through every node: the offsets must sum up to the publications that were accepted, and the
    last %d of each channel must be there without a hole, or the run has failed.
    """
        .formatted(
            publish.nodes(),
            publish.history(),
            publish.publishers(),
            publish.payloadBytes(),
            publish.batch(),
            publish.warmup().toSeconds(),
            CHANGE.toSeconds(),
            publish.measure().toSeconds(),
            publish.repeats(),
            options.pinning(),
            nap().isZero() ? "spins, so its share of a core says nothing" : "naps 0.1 ms at a time",
            publish.history());
  }
}
