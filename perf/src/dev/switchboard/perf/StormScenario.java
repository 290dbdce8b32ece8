package dev.switchboard.perf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Thousands of clients that come at once: connects per second of server processor time, to a
/// server that has just started and to one that is warm, plain and by TLS.
final class StormScenario {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final Duration REST = Duration.ofMillis(500);
  private static final int WINDOW = 128;

  private final Options options;
  private final Options.Storm storm;
  private final List<ServerKind> servers;
  private final ResultsPage page;
  private final List<Run> runs = new ArrayList<>();
  private final List<Double> starts = new ArrayList<>();

  StormScenario(Options options) {
    this.options = options;
    this.storm = options.storm();
    this.servers = options.serversOf(Options.Scenario.STORM);
    this.page = new ResultsPage("storm", options.page());
  }

  /// What is told apart in the tables.
  private enum Phase {
    COLD("plain, just started", "just started", StormClient.Kind.PLAIN),
    WARM("plain, warm", "plain", StormClient.Kind.PLAIN),
    TLS("TLS, warm", "TLS", StormClient.Kind.TLS),
    TLS_RESUMED("TLS resumed, warm", "TLS resumed", StormClient.Kind.TLS_RESUMED),
    TLS_BARE("TLS handshake alone, warm", "handshake alone", StormClient.Kind.TLS_BARE);

    private final String text;
    private final String brief;
    private final StormClient.Kind kind;

    Phase(String text, String brief, StormClient.Kind kind) {
      this.text = text;
      this.brief = brief;
      this.kind = kind;
    }
  }

  /// One storm of one server.
  private record Run(
      ServerKind kind, Phase phase, int repeat, int clients, double wall, double serverCpu) {
    double perCpuSecond() {
      return clients / serverCpu;
    }

    double microsEach() {
      return 1e6 * serverCpu / clients;
    }

    String[] cells() {
      return new String[] {
        kind.label(),
        phase.text,
        "" + repeat,
        FanoutRun.whole(perCpuSecond()),
        "%.0f".formatted(microsEach()),
        FanoutRun.whole(clients / wall),
        "%.0f %%".formatted(100 * serverCpu / wall)
      };
    }
  }

  /// Runs everything and reports.
  void run() {
    Machine.checkDescriptors(storm.clients());
    for (int repeat = 1; repeat <= storm.repeats(); repeat++) {
      for (ServerKind kind : servers) {
        plain(kind, repeat);
        if (kind.isGateway()) {
          secured(kind, repeat);
        }
      }
    }
    page.finish(servers, method(), summary() + "\nEvery run:\n\n" + everyRun(), List.of(plot()));
  }

  private Launch launch(ServerKind kind) {
    return new Gateway(options).launchAny(kind, i -> "storm-" + i, List.of());
  }

  private void plain(ServerKind kind, int repeat) {
    long begun = System.nanoTime();
    Launch launch = launch(kind);
    try (ServerProcess server =
            ServerProcess.start(launch, options.serverCore(), page.serverLog(kind, repeat));
        StormClient client = new StormClient(launch)) {
      if (kind == ServerKind.SWITCHBOARD) {
        starts.add((System.nanoTime() - begun) / 1e9);
      }
      measure(server, client, Phase.COLD, repeat);
      warm(client, StormClient.Kind.PLAIN);
      measure(server, client, Phase.WARM, repeat);
    } catch (PerfException e) {
      throw PerfException.failed(kind.label() + ": " + e.getMessage());
    }
  }

  private void secured(ServerKind kind, int repeat) {
    try (Certificate certificate = Certificate.make()) {
      Launch launch =
          new Gateway(options).launch(kind, i -> "storm-" + i, List.of(), certificate.settings());
      Path log = page.serverLog(kind, repeat, 1);
      try (ServerProcess server = ServerProcess.start(launch, options.serverCore(), log);
          StormClient client = new StormClient(launch)) {
        warm(client, StormClient.Kind.TLS);
        measure(server, client, Phase.TLS, repeat);
        // Full handshakes, after which each client has a session.
        client.arrive(StormClient.Kind.TLS_RESUMED, storm.clients(), WINDOW, LIMIT);
        client.leave();
        client.idle(REST);
        measure(server, client, Phase.TLS_RESUMED, repeat);
        measure(server, client, Phase.TLS_BARE, repeat);
      } catch (PerfException e) {
        throw PerfException.failed(kind.label() + ": " + e.getMessage());
      }
    }
  }

  private void warm(StormClient client, StormClient.Kind kind) {
    for (int round = 0; round < storm.warmups(); round++) {
      client.arrive(kind, storm.clients(), WINDOW, LIMIT);
      client.leave();
      client.idle(REST);
    }
  }

  private void measure(ServerProcess server, StormClient client, Phase phase, int repeat) {
    double cpuBefore = server.cpuSeconds();
    long begun = System.nanoTime();
    client.arrive(phase.kind, storm.clients(), WINDOW, LIMIT);
    double wall = (System.nanoTime() - begun) / 1e9;
    double cpu = server.cpuSeconds() - cpuBefore;
    var run = new Run(server.launch().kind(), phase, repeat, storm.clients(), wall, cpu);
    runs.add(run);
    page.line(String.join(" | ", run.cells()));
    client.leave();
    client.idle(REST);
  }

  private Spread perCpuSecond(ServerKind kind, Phase phase) {
    return Spread.of(
        runs.stream()
            .filter(run -> run.kind() == kind && run.phase() == phase)
            .mapToDouble(Run::perCpuSecond));
  }

  private double micros(Phase phase) {
    return 1e6 / perCpuSecond(ServerKind.SWITCHBOARD, phase).median();
  }

  private String summary() {
    Table table =
        new Table("server", "clients", "median connects per CPU-s", "min", "max", "CPU us each");
    for (Phase phase : Phase.values()) {
      for (ServerKind kind : servers) {
        Spread values = perCpuSecond(kind, phase);
        if (!Double.isNaN(values.median())) {
          table.add(
              kind.label(),
              phase.text,
              FanoutRun.whole(values.median()),
              FanoutRun.whole(values.min()),
              FanoutRun.whole(values.max()),
              "%.0f".formatted(1e6 / values.median()));
        }
      }
    }
    return table.text() + ours();
  }

  private Plot plot() {
    List<BarPlot.Bar> bars = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      for (ServerKind kind : servers) {
        bars.add(new BarPlot.Bar(phase.brief, Plot.Series.of(kind), perCpuSecond(kind, phase)));
      }
    }
    return new BarPlot(
        "connects",
        "Connects per second of server processor time",
        "how clients come",
        "connects per CPU-second",
        bars);
  }

  private String ours() {
    if (starts.isEmpty()) {
      return "";
    }
    Spread ready = Spread.of(starts.stream().mapToDouble(Double::doubleValue));
    return """

    switchboard was ready after %.2f s (%.2f to %.2f). Connecting by TLS costs %.2f x what a TLS
    handshake and a plain connect cost together.
    """
        .formatted(
            ready.median(),
            ready.min(),
            ready.max(),
            micros(Phase.TLS) / (micros(Phase.TLS_BARE) + micros(Phase.WARM)));
  }

  private String everyRun() {
    Table table =
        new Table(
            "server",
            "clients",
            "run",
            "connects per CPU-s",
            "CPU us each",
            "connects/s",
            "server CPU");
    runs.forEach(run -> table.add(run.cells()));
    return table.text();
  }

  private String method() {
    return """
    %,d clients connect as fast as the server lets them, %d on their way at a time; then all are
    gone at once, and as many come again. To Switchboard each brings a signed token of its own
    user and subscribes to a channel of its own; it has arrived with the reply. The first
    storm after the start of the process is "just started"; %d storms are between it and "warm".
    %d runs per server, %s in turn, new processes each; %s. Processor time is utime + stime of
    the server process until the last has arrived. TLS is that of the gateway's defaults; its
    clients know no session of before unless they resume one.
    """
        .formatted(
            storm.clients(),
            WINDOW,
            storm.warmups(),
            storm.repeats(),
            String.join(", ", servers.stream().map(ServerKind::label).toList()),
            options.pinning());
  }
}
