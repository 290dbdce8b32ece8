package dev.switchboard.perf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// One publisher, many subscribers, one channel or more: deliveries per second of server processor
/// time.
///
/// A closed loop: a burst goes out when everyone has the one before. Servers take turns with a new
/// process each, so that drift of the machine hits all alike.
final class FanoutScenario {
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(120);
  private static final Duration ROUND_LIMIT = Duration.ofSeconds(20);
  private static final int OPEN_WINDOW = 128;

  /// Payloads that are published one after the other, over and over.
  private static final int QUOTES = 64;

  /// Share of the server's core that others may take before a run is called disturbed.
  private static final double DISTURBED = 0.1;

  /// Share of its core from which the client is called the bottleneck.
  private static final double SATURATED = 0.95;

  /// A push as it leaves the gateway, for when no gateway is measured to copy the size from.
  private static final String NOMINAL_ENVELOPE =
      "{\"push\":{\"channel\":\"\",\"pub\":{\"data\":,\"info\":{\"user\":\"perf-publisher\","
          + "\"client\":\"00000000-0000-0000-0000-000000000000\"}}}}";

  private final Options options;
  private final Options.Fanout fanout;
  private final List<ServerKind> servers;
  private final ResultsPage page;
  private final Channels channels;
  private final List<FanoutRun> runs = new ArrayList<>();
  private int messageBytes;

  FanoutScenario(Options options) {
    this.options = options;
    this.fanout = options.fanout();
    this.servers = options.serversOf(Options.Scenario.FANOUT);
    this.page = new ResultsPage("fanout", options.page());
    this.channels = Channels.of(fanout.channels());
    this.messageBytes =
        NOMINAL_ENVELOPE.length() + channels.nameOf(0).length() + fanout.payloadBytes();
  }

  /// Runs everything and reports.
  void run() {
    Machine.checkDescriptors(fanout.subscribers());
    Table all =
        new Table(
            "server",
            "in flight",
            "run",
            "deliveries per CPU-s",
            "deliveries/s",
            "round p50 ms",
            "round p99 ms",
            "server CPU",
            "client CPU",
            "others on its core",
            "wire B per delivery");
    for (int repeat = 1; repeat <= fanout.repeats(); repeat++) {
      for (ServerKind kind : servers) {
        for (FanoutRun run : runServer(kind, repeat)) {
          runs.add(run);
          all.add(run.cells(repeat));
        }
      }
    }
    String results = summary() + "\nEvery run:\n\n" + all.text() + warnings();
    page.finish(servers, method(), results, plots());
  }

  private Launch launch(ServerKind kind) {
    return new Gateway(options).launchAny(kind, channels::nameOf, List.of());
  }

  private List<FanoutRun> runServer(ServerKind kind, int repeat) {
    List<FanoutRun> done = new ArrayList<>();
    Launch launch = launch(kind);
    try (ServerProcess server =
            ServerProcess.start(launch, options.serverCore(), page.serverLog(kind, repeat));
        LoadClient client = new LoadClient(launch, channels)) {
      client.openSubscribers(fanout.subscribers(), OPEN_WINDOW, OPEN_LIMIT);
      client.openPublisher(OPEN_LIMIT);
      List<String> payloads = payloads(kind, client);
      for (int inFlight : fanout.inFlight()) {
        FanoutRun run = measure(server, client, inFlight, payloads);
        page.line(String.join(" | ", run.cells(repeat)));
        done.add(run);
      }
    } catch (PerfException e) {
      throw PerfException.failed(kind.label() + ": " + e.getMessage());
    }
    return done;
  }

  /// Peers send what Switchboard's subscribers get in JSON, byte count for byte count.
  private List<String> payloads(ServerKind kind, LoadClient client) {
    Dialect dialect = client.dialect();
    List<String> payloads =
        kind.isGateway() ? payloads(dialect) : List.of(dialect.payload(messageBytes));
    List<String> samples = samples(client, payloads);
    for (String sample : samples) {
      if (!dialect.carries(sample, payloads.getFirst())) {
        throw PerfException.failed("a subscriber got something else than was published: " + sample);
      }
    }
    if (kind == ServerKind.SWITCHBOARD || kind == ServerKind.SWITCHBOARD_DEFLATE) {
      messageBytes = samples.getFirst().length();
    }
    if (kind == ServerKind.SWITCHBOARD_DELTA) {
      checkPatches(samples(client, payloads));
    }
    return payloads;
  }

  /// A row of letters would say nothing of compression or of patches.
  private List<String> payloads(Dialect dialect) {
    return servers.contains(ServerKind.SWITCHBOARD_DEFLATE)
            || servers.contains(ServerKind.SWITCHBOARD_DELTA)
        ? Quotes.series(fanout.payloadBytes(), QUOTES)
        : List.of(dialect.payload(fanout.payloadBytes()));
  }

  private List<String> samples(LoadClient client, List<String> payloads) {
    List<String> samples = client.sampleRound(payloads, ROUND_LIMIT);
    if (samples.size() != fanout.subscribers()) {
      throw PerfException.failed("only %d subscribers were heard".formatted(samples.size()));
    }
    return samples;
  }

  /// Whoever asked for patches has got the first publication whole and gets no second one so.
  private static void checkPatches(List<String> samples) {
    for (String sample : samples) {
      if (!sample.contains("\"delta\":true")) {
        throw PerfException.failed("a subscriber got no patch: " + sample);
      }
    }
  }

  private FanoutRun measure(
      ServerProcess server, LoadClient client, int inFlight, List<String> payloads) {
    rounds(client, inFlight, payloads, fanout.warmup());
    long self = ProcessHandle.current().pid();
    long bytesBefore = client.subscriberBytes();
    double clientBefore = Cpu.seconds(self);
    double serverBefore = server.cpuSeconds();
    double coreBefore = coreSeconds();
    long startedAt = System.nanoTime();
    Samples samples = rounds(client, inFlight, payloads, fanout.measure());
    double wall = (System.nanoTime() - startedAt) / 1e9;
    double serverCpu = server.cpuSeconds() - serverBefore;
    double othersCpu = Math.max(0, coreSeconds() - coreBefore - serverCpu);
    double clientCpu = Cpu.seconds(self) - clientBefore;
    long bytes = client.subscriberBytes() - bytesBefore;
    long round = (long) inFlight * fanout.batch() * fanout.subscribersEach();
    return new FanoutRun(
        server.launch().kind(),
        inFlight,
        samples.count() * round,
        wall,
        serverCpu,
        clientCpu,
        othersCpu,
        bytes,
        samples);
  }

  private double coreSeconds() {
    return options.serverCore().isEmpty()
        ? Double.NaN
        : Cpu.coreSeconds(options.serverCore().getAsInt());
  }

  private Samples rounds(LoadClient client, int inFlight, List<String> payloads, Duration time) {
    Samples samples = new Samples();
    long end = System.nanoTime() + time.toNanos();
    long now = System.nanoTime();
    while (now < end) {
      client.publishRound(inFlight, fanout.batch(), payloads, ROUND_LIMIT);
      long after = System.nanoTime();
      samples.add(after - now);
      now = after;
    }
    return samples;
  }

  private String summary() {
    Table table =
        new Table(
            "in flight",
            "server",
            "median deliveries per CPU-s",
            "min",
            "max",
            "round p50 ms",
            "wire B per delivery",
            "Switchboard / this");
    for (int inFlight : fanout.inFlight()) {
      double ours = perCpuSecond(ServerKind.SWITCHBOARD, inFlight).median();
      for (ServerKind kind : servers) {
        Spread values = perCpuSecond(kind, inFlight);
        table.add(
            "" + inFlight,
            kind.label(),
            FanoutRun.whole(values.median()),
            FanoutRun.whole(values.min()),
            FanoutRun.whole(values.max()),
            "%.2f".formatted(spread(kind, inFlight, FanoutRun::roundMedian).median()),
            "%.1f".formatted(spread(kind, inFlight, FanoutRun::bytesPerDelivery).median()),
            Double.isNaN(ours) || kind == ServerKind.SWITCHBOARD
                ? "-"
                : "%.2f".formatted(ours / values.median()));
      }
    }
    return table.text();
  }

  private List<Plot> plots() {
    return List.of(
        plot(
            "cost",
            "Deliveries per second of server processor time",
            "deliveries per CPU-second",
            FanoutRun::perCpuSecond),
        plot("round", "How long a round takes (p50)", "milliseconds", FanoutRun::roundMedian),
        plot(
            "bytes",
            "What a delivery takes on the wire",
            "bytes above TCP",
            FanoutRun::bytesPerDelivery));
  }

  private Plot plot(String name, String title, String unit, ToDoubleFunction<FanoutRun> value) {
    List<BarPlot.Bar> bars = new ArrayList<>();
    for (int inFlight : fanout.inFlight()) {
      for (ServerKind kind : servers) {
        bars.add(
            new BarPlot.Bar("" + inFlight, Plot.Series.of(kind), spread(kind, inFlight, value)));
      }
    }
    return new BarPlot(name, title, "publications in flight", unit, bars);
  }

  /// What a reader must not overlook.
  private String warnings() {
    StringBuilder text = new StringBuilder();
    if (runs.stream().anyMatch(run -> run.othersCpu() > DISTURBED * run.wallSeconds())) {
      text.append("\nOther work shared the server's core: run again on a quiet machine.\n");
    }
    if (runs.stream().anyMatch(run -> run.clientCpu() > SATURATED * run.wallSeconds())) {
      text.append("\nThe client's core was full: rounds and deliveries/s are the client's.\n");
    }
    return text.toString();
  }

  private Spread perCpuSecond(ServerKind kind, int inFlight) {
    return spread(kind, inFlight, FanoutRun::perCpuSecond);
  }

  private Spread spread(ServerKind kind, int inFlight, ToDoubleFunction<FanoutRun> value) {
    return Spread.of(
        runs.stream()
            .filter(run -> run.kind() == kind && run.inFlight() == inFlight)
            .mapToDouble(value));
  }

  private String method() {
    return """
    %,d subscribers, %,d of each of %,d channel(s), %d B of data per publication. A round is a burst
    of %s publications to each of the next %,d channel(s): one to every channel, then the second,
    and so on, whoever is the server. A closed loop: the next round begins when every subscriber of
    these channels has all of the last. %d s of warm-up and %d s of measurement per burst size;
    %d runs per server, %s in turn, a new process each; %s. Processor time is utime +
    stime of the server process, kernel work included.

    A message is %d bytes for every server, in a frame of its own; Switchboard joins the frames
    of one loop turn in one write. It also checks permission and limits, and answers every
    publish. switchboard-protobuf sends the same data in Protobuf. switchboard-deflate compresses
    messages, switchboard-delta keeps each channel's last one and sends patches against it; what
    is published to gateways is then quotes in JSON, of which one changes from one to the next.
    """
        .formatted(
            fanout.subscribers(),
            fanout.subscribersEach(),
            fanout.channels(),
            fanout.payloadBytes(),
            fanout.inFlight(),
            fanout.batch(),
            fanout.warmup().toSeconds(),
            fanout.measure().toSeconds(),
            fanout.repeats(),
            String.join(", ", servers.stream().map(ServerKind::label).toList()),
            options.pinning(),
            messageBytes);
  }
}
