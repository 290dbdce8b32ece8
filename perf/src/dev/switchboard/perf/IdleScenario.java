package dev.switchboard.perf;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/// Connections that do nothing: what each costs in memory, as a slope between steps.
///
/// A slope, because a process of its own costs far more than the first thousand connections.
final class IdleScenario {
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(180);
  private static final int OPEN_WINDOW = 128;

  /// A heap that is resident from the start does not hide in the resident set's growth.
  private static final List<String> JVM_FLAGS =
      List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch", "-XX:NativeMemoryTracking=summary");

  private static final int UNKNOWN = -1;

  /// What is added to the name of a server within TLS.
  private static final String TLS = " tls";

  /// A colour that no server of this scenario has.
  private static final int TLS_HUE = ServerKind.NAIVE.ordinal();

  private final Options options;
  private final Options.Idle idle;
  private final List<ServerKind> servers;
  private final ResultsPage page;

  IdleScenario(Options options) {
    this.options = options;
    this.idle = options.idle();
    this.servers = options.serversOf(Options.Scenario.IDLE);
    this.page = new ResultsPage("idle", options.page());
  }

  /// What one step showed; heap and direct are [#UNKNOWN] for a server that is not Java.
  private record Step(
      int connections, long heap, long resident, long direct, double connectsPerCpuSecond) {}

  /// Runs everything and reports.
  void run() {
    Machine.checkDescriptors(idle.connections().getLast());
    Map<Plot.Series, List<Step>> all = new LinkedHashMap<>();
    for (ServerKind kind : servers) {
      all.put(Plot.Series.of(kind), runServer(kind));
      if (idle.tls() && kind.isGateway()) {
        all.put(new Plot.Series(kind.label() + TLS, TLS_HUE, 0), runSecured(kind));
      }
    }
    StringBuilder results = new StringBuilder();
    all.forEach(
        (series, steps) ->
            results.append("### %s\n\n%s\n".formatted(series.label(), table(steps))));
    page.finish(servers, method(), results.toString(), List.of(plot(all)));
  }

  /// Against the first step, so that what is seen is the slope.
  private static Plot plot(Map<Plot.Series, List<Step>> all) {
    List<LinePlot.Line> lines = new ArrayList<>();
    all.forEach(
        (series, steps) -> {
          lines.add(new LinePlot.Line(series.with("RSS", 0), growth(steps, Step::resident)));
          if (steps.getFirst().heap() != UNKNOWN) {
            lines.add(new LinePlot.Line(series.with("live heap", 1), growth(steps, Step::heap)));
          }
        });
    return new LinePlot(
        "memory",
        "Memory of idle connections",
        "connections",
        "MiB more than at the first step",
        false,
        lines);
  }

  private static List<LinePlot.Point> growth(List<Step> steps, ToLongFunction<Step> bytes) {
    long first = bytes.applyAsLong(steps.getFirst());
    return steps.stream()
        .map(
            step ->
                new LinePlot.Point(
                    step.connections(), (bytes.applyAsLong(step) - first) / 1048576.0))
        .toList();
  }

  private String channel(int subscriber) {
    return "idle-" + subscriber / idle.shared();
  }

  private List<Step> runServer(ServerKind kind) {
    Launch launch = new Gateway(options).launchAny(kind, this::channel, JVM_FLAGS);
    try (LoadClient client = new LoadClient(launch, Channels.ONE)) {
      return runSteps(launch, client, kind.label(), page.serverLog(kind, 1));
    }
  }

  private List<Step> runSecured(ServerKind kind) {
    try (Certificate certificate = Certificate.make()) {
      Launch launch =
          new Gateway(options).launch(kind, this::channel, JVM_FLAGS, certificate.settings());
      try (LoadClient client = LoadClient.secured(launch)) {
        return runSteps(launch, client, kind.label() + TLS, page.serverLog(kind, 2));
      }
    }
  }

  private List<Step> runSteps(Launch launch, LoadClient client, String label, Path log) {
    List<Step> steps = new ArrayList<>();
    try (ServerProcess server = ServerProcess.start(launch, options.serverCore(), log)) {
      int open = 0;
      for (int connections : idle.connections()) {
        double before = server.cpuSeconds();
        client.openSubscribers(connections, OPEN_WINDOW, OPEN_LIMIT);
        double perCpuSecond = (connections - open) / (server.cpuSeconds() - before);
        open = connections;
        client.idle(idle.settle());
        Step step = read(server, launch.kind(), connections, perCpuSecond);
        page.line(label + ": " + step);
        steps.add(step);
        client.idle(Duration.ofMillis(100));
      }
    } catch (PerfException e) {
      throw PerfException.failed(label + ": " + e.getMessage());
    }
    return steps;
  }

  private static Step read(
      ServerProcess server, ServerKind kind, int connections, double perCpuSecond) {
    long pid = server.pid();
    boolean java = kind.isGateway();
    long heap = java ? JavaHeap.liveBytes(pid) : UNKNOWN;
    long direct = java ? JavaHeap.directBytes(pid) : UNKNOWN;
    return new Step(connections, heap, Cpu.residentBytes(pid), direct, perCpuSecond);
  }

  private static String table(List<Step> steps) {
    Table table =
        new Table(
            "connections",
            "live heap MiB",
            "RSS MiB",
            "direct MiB",
            "heap B per connection",
            "RSS B per connection",
            "direct B per connection",
            "connects per CPU-s");
    Step first = steps.getFirst();
    for (Step step : steps) {
      int more = step.connections() - first.connections();
      table.add(
          FanoutRun.whole(step.connections()),
          mebibytes(step.heap()),
          mebibytes(step.resident()),
          mebibytes(step.direct()),
          slope(step.heap(), first.heap(), more),
          slope(step.resident(), first.resident(), more),
          slope(step.direct(), first.direct(), more),
          FanoutRun.whole(step.connectsPerCpuSecond()));
    }
    return table.text();
  }

  private static String mebibytes(long bytes) {
    return bytes == UNKNOWN ? "-" : "%.1f".formatted(bytes / 1048576.0);
  }

  private static String slope(long bytes, long firstBytes, int connections) {
    boolean known = bytes != UNKNOWN && connections > 0;
    return known ? FanoutRun.whole((double) (bytes - firstBytes) / connections) : "-";
  }

  private String method() {
    return """
    Each connection has a signed token of its own user and subscribes to one channel%s, then
    does nothing but answer pings. After each step the server rests %d s. Columns "per
    connection" are slopes against the first step. Live heap is the total of a class histogram,
    which collects garbage first; direct is "Other" of native memory tracking. The Java heap is
    fixed and touched at the start, so its RSS slope is what lies *outside* the heap: a
    connection costs heap + RSS. For the peers the RSS slope is everything; they check no token.
    Kernel socket buffers are in neither. Within TLS every connection has a session of its own,
    with the gateway's defaults for TLS.
    """
        .formatted(
            idle.shared() == 1 ? " of its own" : " shared by " + idle.shared(),
            idle.settle().toSeconds());
  }
}
