package dev.switchboard.perf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Very many connections on several nodes, and messages that enter at any node for subscribers on
/// all of them: what a node holds, what it spends, how long messages take, whether all arrive.
final class CrowdScenario {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration REST = Duration.ofSeconds(2);
  private static final double[] PERCENTILES = {50, 99, 99.9, 100};
  private static final double MEBIBYTE = 1 << 20;

  /// Nodes and clients share the machine: the publishers leave them most of their core.
  private static final Duration NAP = Duration.ofNanos(200_000);

  private static final List<String> JVM_FLAGS =
      List.of("-Xmx1g", "-XX:NativeMemoryTracking=summary");

  /// However late an event loop is while the crowd gets in, nobody is sent away.

  private final Options options;

  private final Stress.Crowd crowd;
  private final ResultsPage page;

  CrowdScenario(Options options) {
    this.options = options;
    this.crowd = options.stress().crowd();
    this.page = new ResultsPage("crowd", options.page());
  }

  /// What a node holds, in bytes.
  private record Memory(long heap, long direct, long resident) {
    static Memory of(ServerProcess node) {
      long pid = node.pid();
      long heap = JavaHeap.liveBytes(pid);
      return new Memory(heap, JavaHeap.directBytes(pid), Cpu.residentBytes(pid));
    }

    List<String> cells() {
      return List.of(mebibytes(heap), mebibytes(direct), mebibytes(resident));
    }
  }

  /// The processes of a run, one of clients for each node.
  private record Stage(NodeGroup nodes, List<HolderProcess> holders) {
    List<Memory> memory() {
      List<Memory> all = new ArrayList<>();
      for (int node = 0; node < holders.size(); node++) {
        all.add(Memory.of(nodes.node(node)));
      }
      return all;
    }

    double[] nodesCpu() {
      double[] all = new double[holders.size()];
      for (int node = 0; node < all.length; node++) {
        all[node] = nodes.node(node).cpuSeconds();
      }
      return all;
    }

    double clientsCpu() {
      return holders.stream().mapToDouble(HolderProcess::cpuSeconds).sum()
          + Cpu.seconds(ProcessHandle.current().pid());
    }

    long heard() {
      return holders.stream().mapToLong(HolderProcess::count).sum();
    }
  }

  /// What was measured under load.
  ///
  /// @param nodesCpu seconds of processor time of each node
  /// @param accepted messages of each channel since the start
  private record Load(
      long from, long to, double[] nodesCpu, double clientsCpu, long[] accepted, int refused) {
    double seconds() {
      return (to - from) / 1e9;
    }
  }

  /// Messages that did not arrive, arrived twice, or arrived where they were not meant to.
  private record Faults(long due, long lost, long twice, long foreign) {}

  /// Runs everything and reports.
  void run() {
    Machine.checkDescriptors(crowd.each());
    List<Launch> launches =
        new Gateway(options).launchCluster(crowd.nodes(), this::channelOf, JVM_FLAGS, List.of());
    List<HolderProcess> holders = new ArrayList<>();
    try (NodeGroup nodes =
        NodeGroup.start(
            launches,
            options.serverCore(),
            node -> page.serverLog(ServerKind.SWITCHBOARD, 1, node))) {
      for (int node = 0; node < launches.size(); node++) {
        int first = node * crowd.each();
        int count = Math.min(crowd.each(), crowd.connections() - first);
        holders.add(HolderProcess.start(launches.get(node), first, count));
        holders.getLast().awaitOpen();
        page.line("node %d has %,d connections".formatted(node + 1, count));
      }
      measure(new Stage(nodes, holders), launches);
    } finally {
      holders.forEach(HolderProcess::close);
    }
  }

  private String channelOf(long client) {
    return "all-" + client % crowd.channels();
  }

  /// Every channel hears from every node, one after the other.
  private int channelOfMessage(long number) {
    return (int) (number / crowd.nodes() % crowd.channels());
  }

  private void measure(Stage stage, List<Launch> launches) {
    List<Memory> quiet = stage.memory();
    try (CrossingClient client =
        new CrossingClient(launches.getFirst(), n -> channelOf(channelOfMessage(n)))) {
      client.openPublishers(launches, LIMIT);
      client.bearBusy();
      Load load = load(stage, client);
      List<Memory> busy = stage.memory();
      List<HolderProcess.Report> reports =
          stage.holders().stream().map(one -> one.report(load.from(), load.to())).toList();
      Faults faults = faults(reports, load.accepted());
      page.finish(
          List.of(ServerKind.SWITCHBOARD),
          method(),
          tables(quiet, busy, load, reports) + sum(load, faults));
      if (faults.lost() + faults.twice() + faults.foreign() > 0) {
        throw PerfException.failed("not every message arrived once: " + faults);
      }
    }
  }

  private Load load(Stage stage, CrossingClient client) {
    Pacer pacer =
        new Pacer(client, crowd.rate(), client.dialect().payload(crowd.payloadBytes()), NAP);
    pacer.runFor(crowd.warmup());
    double[] cpu = stage.nodesCpu();
    double clientsBefore = stage.clientsCpu();
    long from = System.nanoTime();
    pacer.runFor(crowd.measure());
    long to = System.nanoTime();
    double clientsCpu = stage.clientsCpu() - clientsBefore;
    double[] after = stage.nodesCpu();
    for (int node = 0; node < cpu.length; node++) {
      cpu[node] = after[node] - cpu[node];
    }
    awaitHeard(stage, client);
    return new Load(from, to, cpu, clientsCpu, accepted(client), client.refused().size());
  }

  /// Waits for what is still on its way, and then for what should not come.
  private void awaitHeard(Stage stage, CrossingClient client) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (stage.heard() < due(accepted(client)) && System.nanoTime() < deadline) {
      client.spin();
    }
    long end = System.nanoTime() + REST.toNanos();
    client.await(() -> System.nanoTime() - end > 0, LIMIT, "time stands still");
  }

  private long[] accepted(CrossingClient client) {
    long[] accepted = new long[crowd.channels()];
    for (long number = 0; number < client.sent(); number++) {
      accepted[channelOfMessage(number)]++;
    }
    client.refused().forEach(number -> accepted[channelOfMessage(number)]--);
    return accepted;
  }

  private long due(long[] accepted) {
    long due = 0;
    for (int client = 0; client < crowd.connections(); client++) {
      due += accepted[client % crowd.channels()];
    }
    return due;
  }

  private Faults faults(List<HolderProcess.Report> reports, long[] accepted) {
    long lost = 0;
    long foreign = 0;
    for (int node = 0; node < reports.size(); node++) {
      int[] different = reports.get(node).different();
      for (int i = 0; i < different.length; i++) {
        long wanted = accepted[(node * crowd.each() + i) % crowd.channels()];
        lost += Math.max(0, wanted - different[i]);
        foreign += Math.max(0, different[i] - wanted);
      }
    }
    long twice = reports.stream().mapToLong(HolderProcess.Report::twice).sum();
    return new Faults(due(accepted), lost, twice, foreign);
  }

  private String tables(
      List<Memory> quiet, List<Memory> busy, Load load, List<HolderProcess.Report> reports) {
    Table memory =
        new Table(
            "node",
            "connections",
            "live heap MiB",
            "direct MiB",
            "RSS MiB",
            "live heap after MiB",
            "direct after MiB",
            "RSS after MiB");
    Table delays =
        new Table("to node", "CPU", "deliveries", "p50 ms", "p99 ms", "p99.9 ms", "max ms");
    for (int node = 0; node < reports.size(); node++) {
      HolderProcess.Report report = reports.get(node);
      String name = "" + (node + 1);
      List<String> cells = new ArrayList<>();
      cells.addAll(List.of(name, FanoutRun.whole(report.different().length)));
      cells.addAll(quiet.get(node).cells());
      cells.addAll(busy.get(node).cells());
      memory.add(cells.toArray(String[]::new));
      delays.add(row(name, load.nodesCpu()[node] / load.seconds(), report.delays()));
    }
    double cpu = 0;
    for (double one : load.nodesCpu()) {
      cpu += one / load.seconds();
    }
    List<Samples> all = reports.stream().map(HolderProcess.Report::delays).toList();
    delays.add(row("all", cpu, Samples.joined(all)));
    return memory.text() + "\n" + delays.text();
  }

  private static String[] row(String node, double cpu, Samples samples) {
    List<String> cells = new ArrayList<>();
    cells.add(node);
    cells.add("%.0f %%".formatted(100 * cpu));
    cells.add(FanoutRun.whole(samples.count()));
    for (double percentile : PERCENTILES) {
      cells.add("%.2f".formatted(samples.percentileMillis(percentile)));
    }
    return cells.toArray(String[]::new);
  }

  private static String mebibytes(long bytes) {
    return "%.1f".formatted(bytes / MEBIBYTE);
  }

  private String sum(Load load, Faults faults) {
    return """

    Of %,d deliveries since the start %,d were lost, %,d came twice and %,d to somebody else; %,d
    messages were refused ("busy", 111). The clients took %.0f %% of a core.
    """
        .formatted(
            faults.due(),
            faults.lost(),
            faults.twice(),
            faults.foreign(),
            load.refused(),
            100 * load.clientsCpu() / load.seconds());
  }

  private String method() {
    return """
    %,d connections on %d nodes of one cluster on loopback, each with a signed token of its own user
    and subscribed to one of %,d channels, which all have subscribers on every node. A process of
    clients for each node, and one that publishes %,d messages/s of %d B of data, on a fixed
    schedule, at all nodes in turn; every channel hears from every node. A delay counts from when
    the message was *due* until a subscriber has read it, in another process by the same clock; all
    are kept. After %d s of warm-up %d s are measured. Then every subscriber's messages are compared
    with what was accepted. %s.

    Memory is read when all are connected and nothing has been sent, and after the load. Live heap
    is the total of a class histogram, which collects garbage first; direct is "Other" of native
    memory tracking.
    """
        .formatted(
            crowd.connections(),
            crowd.nodes(),
            crowd.channels(),
            crowd.rate(),
            crowd.payloadBytes(),
            crowd.warmup().toSeconds(),
            crowd.measure().toSeconds(),
            options.pinning());
  }
}
