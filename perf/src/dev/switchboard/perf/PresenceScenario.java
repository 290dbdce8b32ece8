package dev.switchboard.perf;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

/// One channel with very many members on several nodes: how long counting them and reading a page
/// of them takes, on every node.
final class PresenceScenario {
  private static final String CHANNEL = "crowd";
  private static final Duration WHOLE_LIMIT = Duration.ofMinutes(2);
  private static final Pattern NEXT = Pattern.compile("\"next\":\"([^\"]+)\"");
  private static final Pattern CLIENTS = Pattern.compile("\"num_clients\":(\\d+)");
  private static final double[] PERCENTILES = {50, 99, 100};
  private static final int WARM_UP = 200;

  private final Options options;
  private final Options.Presence presence;
  private final ResultsPage page;
  private final List<Samples> allStats = new ArrayList<>();
  private final List<Samples> allPages = new ArrayList<>();

  PresenceScenario(Options options) {
    this.options = options;
    this.presence = options.presence();
    this.page = new ResultsPage("presence", options.page());
  }

  /// Runs everything and reports.
  void run() {
    int each = (presence.members() + presence.nodes() - 1) / presence.nodes();
    Machine.checkDescriptors(each);
    List<Launch> launches =
        new Gateway(options)
            .launchCluster(
                presence.nodes(),
                _ -> CHANNEL,
                List.of("-Xmx1g"),
                List.of("channel.without_namespace.presence=true"));
    List<HolderProcess> holders = new ArrayList<>();
    try (NodeGroup nodes =
        NodeGroup.start(
            launches,
            options.serverCore(),
            node -> page.serverLog(ServerKind.SWITCHBOARD, 1, node))) {
      for (int node = 0; node < launches.size(); node++) {
        holders.add(HolderProcess.start(launches.get(node), node * each, count(node, each)));
        holders.getLast().awaitOpen();
        page.line("node %d has its members".formatted(node + 1));
      }
      awaitWhole(launches);
      String results = measure(launches);
      page.finish(List.of(ServerKind.SWITCHBOARD), method(), results, List.of(plot()));
    } finally {
      holders.forEach(HolderProcess::close);
    }
  }

  private int count(int node, int each) {
    return Math.min(each, presence.members() - node * each);
  }

  /// Every node must count all of them before anything is measured.
  private void awaitWhole(List<Launch> nodes) {
    long deadline = System.nanoTime() + WHOLE_LIMIT.toNanos();
    for (Launch node : nodes) {
      while (counted(call(node, "api/presence_stats", "")) != presence.members()) {
        if (System.nanoTime() > deadline) {
          throw PerfException.failed(
              "a node counts " + call(node, "api/presence_stats", "") + " for too long");
        }
      }
    }
  }

  private static int counted(String answer) {
    Matcher clients = CLIENTS.matcher(answer);
    return clients.find() ? Integer.parseInt(clients.group(1)) : -1;
  }

  private static String call(Launch node, String method, String more) {
    try {
      String body = "{\"channel\":\"" + CHANNEL + "\"" + more + "}";
      return node.api().orElseThrow().call(method, body);
    } catch (IOException failure) {
      throw PerfException.failed(method + " failed", failure);
    }
  }

  private String measure(List<Launch> nodes) {
    Table table = new Table("call", "node", "calls", "p50 ms", "p99 ms", "max ms", "wanted");
    for (int node = 0; node < nodes.size(); node++) {
      stats(nodes.get(node), WARM_UP);
      pages(nodes.get(node), WARM_UP);
      allStats.add(stats(nodes.get(node), presence.calls()));
      allPages.add(pages(nodes.get(node), presence.calls()));
      row(table, "presence_stats", "" + (node + 1), allStats.getLast(), "p99 < 50");
      row(table, "presence, 100", "" + (node + 1), allPages.getLast(), "< 100");
    }
    row(table, "presence_stats", "all", Samples.joined(allStats), "p99 < 50");
    row(table, "presence, 100", "all", Samples.joined(allPages), "< 100");
    return table.text();
  }

  private Plot plot() {
    List<BarPlot.Bar> bars = new ArrayList<>();
    for (int node = 0; node < allStats.size(); node++) {
      bars.add(bar(node, new Plot.Series("presence_stats", 0, 0), allStats.get(node)));
      bars.add(bar(node, new Plot.Series("presence, 100", 3, 0), allPages.get(node)));
    }
    return new BarPlot(
        "calls", "How long a call takes (p99)", "node that is asked", "milliseconds", bars);
  }

  private static BarPlot.Bar bar(int node, Plot.Series series, Samples samples) {
    Spread spread = Spread.of(DoubleStream.of(samples.percentileMillis(99)));
    return new BarPlot.Bar("" + (node + 1), series, spread);
  }

  private void row(Table table, String call, String node, Samples samples, String wanted) {
    List<String> cells = new ArrayList<>(List.of(call, node, "" + samples.count()));
    for (double percentile : PERCENTILES) {
      cells.add("%.2f".formatted(samples.percentileMillis(percentile)));
    }
    cells.add(wanted);
    table.add(cells.toArray(String[]::new));
    page.line(String.join(" | ", cells));
  }

  private Samples stats(Launch node, int calls) {
    Samples samples = new Samples();
    for (int call = 0; call < calls; call++) {
      long begun = System.nanoTime();
      String answer = call(node, "api/presence_stats", "");
      samples.add(System.nanoTime() - begun);
      if (counted(answer) != presence.members()) {
        throw PerfException.failed("a node counted " + answer);
      }
    }
    return samples;
  }

  /// Page after page, all of the channel over and over.
  private Samples pages(Launch node, int calls) {
    Samples samples = new Samples();
    String after = "";
    for (int call = 0; call < calls; call++) {
      long begun = System.nanoTime();
      String answer = call(node, "api/presence", ",\"limit\":100" + (after.isEmpty() ? "" : after));
      samples.add(System.nanoTime() - begun);
      Matcher next = NEXT.matcher(answer);
      after = next.find() ? ",\"after\":\"" + next.group(1) + "\"" : "";
    }
    return samples;
  }

  private String method() {
    return """
    %,d sockets, each with a token of its own user, subscribe to one channel with `presence` on %d
    nodes that share this machine with their clients: a process of clients for each node. When every
    node counts all of them, each node is asked %,d times for `presence_stats` and as often for a
    page of 100 members of `presence`, one call after the other over HTTP, the whole time from
    before the call until the answer was read. Members answer pings meanwhile. What a member takes
    on every node that has a copy, `PresenceFootprintTest` measures.
    """
        .formatted(presence.members(), presence.nodes(), presence.calls());
  }
}
