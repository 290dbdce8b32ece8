package dev.switchboard.perf;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// What the command line asked for.
///
/// @param jvmFlags more flags for the gateway's JVM
/// @param gatewaySettings `key=value` settings passed to the gateway
/// @param page whether a results page is written
record Options(
    Scenario scenario,
    List<ServerKind> servers,
    Idle idle,
    Fanout fanout,
    Cluster cluster,
    Subscribe subscribe,
    Stuck stuck,
    Publish publish,
    Presence presence,
    Storm storm,
    Stress stress,
    OptionalInt serverCore,
    OptionalInt clientCore,
    List<String> jvmFlags,
    List<String> gatewaySettings,
    boolean page) {

  /// What can be run.
  enum Scenario {
    IDLE,
    FANOUT,
    CLUSTER,
    SUBSCRIBE,
    STUCK,
    PUBLISH,
    PRESENCE,
    STORM,
    DROP,
    CROWD,
    CHURN,
    GC,
    TRAIN,
    ALL,
    CHECK
  }

  /// The idle scenario.
  ///
  /// @param connections sockets open at each step, rising
  /// @param shared subscribers that share one channel; 1 means a channel for each
  /// @param settle how long the server is left alone before it is measured
  /// @param tls whether the gateway takes the same steps within TLS too
  record Idle(List<Integer> connections, int shared, Duration settle, boolean tls) {}

  /// The fan-out scenario.
  ///
  /// @param channels over which subscribers are spread evenly
  /// @param batch channels that a round publishes to
  /// @param inFlight publications per round to each of them
  record Fanout(
      int subscribers,
      int channels,
      int batch,
      List<Integer> inFlight,
      int payloadBytes,
      Duration warmup,
      Duration measure,
      int repeats) {

    /// Sockets that a publication reaches.
    int subscribersEach() {
      return subscribers / channels;
    }
  }

  /// Messages that enter at one node and leave at another.
  ///
  /// @param nodes of the cluster; with one, messages enter and leave at the same
  /// @param subscribers sockets, each with a channel of its own
  /// @param inFlight messages per round of the closed loop
  /// @param rates messages per second of the open loops
  record Cluster(
      int nodes,
      int subscribers,
      List<Integer> inFlight,
      List<Integer> rates,
      int payloadBytes,
      Duration warmup,
      Duration measure,
      int repeats) {}

  /// Subscribing to many channels.
  ///
  /// @param clients sockets
  /// @param channels of each, which nobody else subscribes to
  /// @param batch commands of a socket that wait for a reply
  record Subscribe(
      int nodes,
      int clients,
      int channels,
      int batch,
      Duration warmup,
      Duration measure,
      int repeats) {}

  /// A node that stands still.
  ///
  /// @param channels with a subscriber on the node that is stopped and one on another
  /// @param rate messages per second to all these channels
  record Stuck(
      int channels, int rate, int payloadBytes, Duration warmup, Duration measure, int repeats) {}

  /// Publications that are kept, on their owner and a copy, before they are answered.
  ///
  /// @param publishers sockets, spread over the nodes
  /// @param channels how many they share; one entry after the other
  /// @param inFlight publications without an answer in the closed loop
  /// @param rates publications per second of the open loop, one to a frame
  /// @param batchRate the same, many to a frame
  /// @param batch how many
  /// @param history publications kept per channel
  record Publish(
      int nodes,
      int publishers,
      List<Integer> channels,
      List<Integer> inFlight,
      List<Integer> rates,
      int batchRate,
      int batch,
      int history,
      int payloadBytes,
      Duration warmup,
      Duration measure,
      int repeats) {}

  /// One channel with very many members.
  ///
  /// @param calls of each kind on each node
  record Presence(int nodes, int members, int calls) {}

  /// Clients that come all at once.
  ///
  /// @param warmups storms before a server counts as warm
  record Storm(int clients, int warmups, int repeats) {}

  /// What `--help` says.
  static final String HELP =
      """
      Usage: perf/run [idle|fanout|cluster|subscribe|stuck|publish|presence|storm|drop|crowd|
                      churn|gc|train|all|check] [options]
             perf/run jmh [--no-page] [options of JMH]

        idle       memory of connections that do nothing
        fanout     deliveries per server CPU-second, Switchboard and peers in turn
        cluster    messages from one node to another: latency, and messages per server
                   CPU-second, Switchboard and the naive reference in turn
        subscribe  subscribes per server CPU-second while another node has to learn of them
        stuck      what a node that stands still costs the others: memory and latency
        publish    durable publish, two nodes: publications per second and latency when each is
                   kept on its owner and a synchronous copy before it is answered
        presence   a channel with very many members on several nodes: how long counting them
                   takes, and reading a page of them; not in all, as it opens 100,000 sockets
        storm      connects per server CPU-second, just started and warm, plain and by TLS
        drop       most clients of a node are gone at once and come back: how long that takes, and
                   what the others notice; not in all, as the three after it
        crowd      100,000 connections on several nodes, and messages from any node to all
        churn      an hour of clients that come, talk and leave in every way: what grows
        gc         how long collectors stop a node that has much to deliver
        train      measures nothing: makes the AOT cache with which nodes start, see scripts/train
        all        the first eight but presence, one after the other (the default)
        check      the measuring code checks itself, without a server
        jmh        single classes, by JMH: time and heap per operation of codecs, guard, fan-out,
                   link and log; -f 2 -wi 3 -w 1 -i 5 -r 1 -bm avgt -tu ns -prof gc unless
                   given, -l lists the benchmarks, a pattern such as Guard chooses; not in all

      Options (defaults in brackets)
        --servers LIST        idle, fanout, storm: of switchboard, switchboard-deflate
                              (compressed), switchboard-protobuf, switchboard-delta (patches
                              against the message before), bun, ws, socketio
                              [idle: switchboard; fanout, storm: switchboard,bun];
                              cluster: of switchboard, naive, socketio (with a Redis) [the first
                              two]
        --connections LIST    idle: steps [1000,5000,10000,15000]; storm: one number [5000]
        --warmups N           storm: storms before a server counts as warm [8]
        --shared N            idle: subscribers that share one channel [1: a channel each]
        --tls                 idle: the gateway within TLS too, as rows of their own
        --settle SECONDS      idle: rest before each reading [3]
        --nodes N             cluster, subscribe, publish: nodes [2]; 1 shows what the second
                              costs; presence: nodes [6]
        --subscribers N       sockets [fanout: 2000; cluster: 500; subscribe: 100]
        --members N           presence: of the channel [100000]
        --calls N             presence: of each kind to each node [500]
        --publishers N        publish: sockets, spread over the nodes [4]
        --channels N          fanout: channels that share the subscribers evenly [1];
                              subscribe: channels of each socket [1000]; stuck: channels [50];
                              publish: a list, channels of all sockets together [1,1000]
        --in-flight LIST      fanout: publications per round and channel [1,4,16];
                              cluster: messages per round [64,8192]; subscribe: one
                              number, commands per socket [10]; publish: publications
                              without an answer [64,1024]
        --rate LIST           messages per second [cluster: 1000,10000,50000; publish, a frame for
                              each message: 10000,30000]; stuck: one number [5000]
        --batch-rate N        publish: messages per second, --batch of them in a frame [100000]
        --batch N             publish: messages in a frame; fanout: channels that a round
                              publishes to, of all [100]
        --history N           publish: publications kept per channel [100]
        --payload BYTES       size of a publication's data [128; stuck: 4096]
        --warmup SECONDS      before each measurement [5; cluster, publish: 25; stuck: 15]
        --measure SECONDS     length of each measurement [8; cluster, stuck, publish: 6]
        --repeats N           runs of every server [3; stuck: 5]
        --server-core N       the one core of all servers, but for stuck [0]
        --client-core N       the one core of the load client [1]
        --no-pin              pin nothing
        --jvm FLAG            one more flag for the gateway's JVM, may be repeated
        --set KEY=VALUE       one setting for the gateway, may be repeated
        --no-page             write no page and no pictures to perf/results
        --help                this text

      """
          + Stress.HELP
          + """

          Exit codes: 0 measured, 1 the measurement failed, 2 wrong usage, 3 something is missing.
          Everything stays on loopback. Server logs and raw numbers go to perf/out.
          """;

  /// The servers of a scenario: those asked for, else its own choice.
  List<ServerKind> serversOf(Scenario one) {
    if (!servers.isEmpty()) {
      return servers;
    }
    return switch (one) {
      case STORM -> List.of(ServerKind.SWITCHBOARD, ServerKind.BUN);
      case FANOUT -> List.of(ServerKind.SWITCHBOARD, ServerKind.BUN);
      case CLUSTER -> List.of(ServerKind.SWITCHBOARD, ServerKind.NAIVE);
      case IDLE, SUBSCRIBE, STUCK, PUBLISH, PRESENCE, DROP, CROWD, CHURN, GC, TRAIN, ALL, CHECK ->
          List.of(ServerKind.SWITCHBOARD);
    };
  }

  /// Who runs where, for the record.
  String pinning() {
    return serverCore.isEmpty()
        ? "nothing is pinned"
        : "servers on core " + serverCore.getAsInt() + ", client on core " + clientCore.getAsInt();
  }

  /// Reads the command line; fails with the first thing that is wrong.
  static Options parse(String[] arguments, int cores) {
    Arguments given = Arguments.read(arguments);
    boolean pin = !given.flag("--no-pin") && cores > 1;
    Map<String, Integer> defaultCores = Map.of("--server-core", 0, "--client-core", 1);
    Options options =
        new Options(
            given.scenario(),
            given.texts("--servers").stream().map(ServerKind::of).toList(),
            new Idle(
                given.numbers("--connections", "1000,5000,10000,15000"),
                given.number("--shared", 1),
                given.seconds("--settle", 3),
                given.flag("--tls")),
            fanout(given),
            cluster(given),
            subscribe(given),
            stuck(given),
            publish(given),
            new Presence(
                given.number("--nodes", 6),
                given.number("--members", 100_000),
                given.number("--calls", 500)),
            new Storm(
                given.numbers("--connections", "5000").getFirst(),
                given.number("--warmups", 8),
                given.number("--repeats", 3)),
            Stress.of(given),
            core(given, "--server-core", defaultCores, pin),
            core(given, "--client-core", defaultCores, pin),
            given.repeated("--jvm"),
            given.repeated("--set"),
            !given.flag("--no-page"));
    options.check();
    return options;
  }

  private static Fanout fanout(Arguments given) {
    int channels = given.numbers("--channels", "1").getFirst();
    return new Fanout(
        given.number("--subscribers", 2_000),
        channels,
        Math.min(channels, given.number("--batch", 100)),
        given.numbers("--in-flight", "1,4,16"),
        given.number("--payload", 128),
        given.seconds("--warmup", 5),
        given.seconds("--measure", 8),
        given.number("--repeats", 3));
  }

  private static Cluster cluster(Arguments given) {
    return new Cluster(
        given.number("--nodes", 2),
        given.number("--subscribers", 500),
        given.numbers("--in-flight", "64,8192"),
        given.numbers("--rate", "1000,10000,50000"),
        given.number("--payload", 128),
        given.seconds("--warmup", 25),
        given.seconds("--measure", 6),
        given.number("--repeats", 3));
  }

  private static Subscribe subscribe(Arguments given) {
    return new Subscribe(
        given.number("--nodes", 2),
        given.number("--subscribers", 100),
        given.numbers("--channels", "1000").getFirst(),
        given.numbers("--in-flight", "10").getFirst(),
        given.seconds("--warmup", 5),
        given.seconds("--measure", 8),
        given.number("--repeats", 3));
  }

  private static Stuck stuck(Arguments given) {
    return new Stuck(
        given.numbers("--channels", "50").getFirst(),
        given.numbers("--rate", "5000").getFirst(),
        given.number("--payload", 4_096),
        given.seconds("--warmup", 15),
        given.seconds("--measure", 6),
        given.number("--repeats", 5));
  }

  private static Publish publish(Arguments given) {
    return new Publish(
        given.number("--nodes", 2),
        given.number("--publishers", 4),
        given.numbers("--channels", "1,1000"),
        given.numbers("--in-flight", "64,1024"),
        given.numbers("--rate", "10000,30000"),
        given.number("--batch-rate", 100_000),
        given.number("--batch", 100),
        given.number("--history", 100),
        given.number("--payload", 128),
        given.seconds("--warmup", 25),
        given.seconds("--measure", 6),
        given.number("--repeats", 3));
  }

  private static OptionalInt core(
      Arguments given, String name, Map<String, Integer> defaults, boolean pin) {
    return pin ? OptionalInt.of(given.atLeast(name, defaults.get(name), 0)) : OptionalInt.empty();
  }

  private void check() {
    List<Integer> steps = idle.connections();
    for (int i = 1; i < steps.size(); i++) {
      if (steps.get(i) <= steps.get(i - 1)) {
        throw PerfException.usage("--connections must rise");
      }
    }
    if (fanout.payloadBytes() < 24 || fanout.payloadBytes() > 16_384) {
      throw PerfException.usage("--payload must be between 24 and 16384");
    }
    if (scenario == Scenario.FANOUT || scenario == Scenario.ALL) {
      if (fanout.subscribers() % fanout.channels() != 0) {
        throw PerfException.usage("--subscribers must be a multiple of --channels");
      }
      if (servers.contains(ServerKind.SWITCHBOARD_DELTA) && fanout.payloadBytes() < 128) {
        throw PerfException.usage("--payload must be at least 128 for a quote that can change");
      }
      fanout.inFlight().forEach(k -> fits("--in-flight", k));
    }
    if (scenario == Scenario.PUBLISH || scenario == Scenario.ALL) {
      publish.inFlight().forEach(this::hasPublishers);
      fits("--batch", publish.batch());
      if (publish.history() > 1_000) {
        throw PerfException.usage("--history above 1000 may not fit one page of history");
      }
    }
    if (scenario == Scenario.DROP) {
      stress.drop().check();
    }
    if (scenario == Scenario.CROWD) {
      stress.crowd().check();
    }
    if (serverCore.isPresent() && serverCore.equals(clientCore)) {
      throw PerfException.usage("--server-core and --client-core must differ");
    }
  }

  private void hasPublishers(int inFlight) {
    if (inFlight < publish.publishers()) {
      throw PerfException.usage("--in-flight " + inFlight + " is less than one per publisher");
    }
  }

  private void fits(String option, int k) {
    if (k * (fanout.payloadBytes() + 64L) > 65_000) {
      throw PerfException.usage(option + " " + k + " does not fit one frame of 64 KiB");
    }
  }
}
