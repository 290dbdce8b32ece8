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
    OptionalInt serverCore,
    OptionalInt clientCore,
    List<String> jvmFlags,
    List<String> gatewaySettings,
    boolean page) {

  /// What can be run.
  enum Scenario {
    IDLE,
    FANOUT,
    ALL,
    CHECK
  }

  /// The idle scenario.
  ///
  /// @param connections sockets open at each step, rising
  /// @param shared subscribers that share one channel; 1 means a channel for each
  /// @param settle how long the server is left alone before it is measured
  record Idle(List<Integer> connections, int shared, Duration settle) {}

  /// The fan-out scenario.
  ///
  /// @param inFlight publications per round
  record Fanout(
      int subscribers,
      List<Integer> inFlight,
      int payloadBytes,
      Duration warmup,
      Duration measure,
      int repeats) {}

  /// What `--help` says.
  static final String HELP =
      """
      Usage: perf/run [idle|fanout|all|check] [options]

        idle     memory of connections that do nothing
        fanout   deliveries per server CPU-second, Switchboard and peers in turn
        all      idle, then fanout (the default)
        check    the measuring code checks itself, without a server

      Options (defaults in brackets)
        --servers LIST        of switchboard, bun, ws [idle: switchboard; fanout: switchboard,bun]
        --connections LIST    idle: steps [1000,5000,10000,15000]
        --shared N            idle: subscribers that share one channel [1: a channel each]
        --settle SECONDS      idle: rest before each reading [3]
        --subscribers N       fanout: sockets [2000]
        --in-flight LIST      fanout: publications per round [1,4,16]
        --payload BYTES       fanout: size of a publication's data [128]
        --warmup SECONDS      fanout: before each measurement [5]
        --measure SECONDS     fanout: length of each measurement [8]
        --repeats N           fanout: runs of every server [3]
        --server-core N       the one core of the server [0]
        --client-core N       the one core of the load client [1]
        --no-pin              pin nothing
        --jvm FLAG            one more flag for the gateway's JVM, may be repeated
        --set KEY=VALUE       one setting for the gateway, may be repeated
        --no-page             write no page to perf/results
        --help                this text

      Exit codes: 0 measured, 1 the measurement failed, 2 wrong usage, 3 something is missing.
      Everything stays on loopback. Server logs and raw numbers go to perf/out.
      """;

  /// The servers of a scenario: those asked for, else its own choice.
  List<ServerKind> serversOf(Scenario one) {
    if (!servers.isEmpty()) {
      return servers;
    }
    return one == Scenario.IDLE
        ? List.of(ServerKind.SWITCHBOARD)
        : List.of(ServerKind.SWITCHBOARD, ServerKind.BUN);
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
                given.seconds("--settle", 3)),
            new Fanout(
                given.number("--subscribers", 2_000),
                given.numbers("--in-flight", "1,4,16"),
                given.number("--payload", 128),
                given.seconds("--warmup", 5),
                given.seconds("--measure", 8),
                given.number("--repeats", 3)),
            core(given, "--server-core", defaultCores, pin),
            core(given, "--client-core", defaultCores, pin),
            given.repeated("--jvm"),
            given.repeated("--set"),
            !given.flag("--no-page"));
    options.check();
    return options;
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
    if (fanout.payloadBytes() < 8 || fanout.payloadBytes() > 16_384) {
      throw PerfException.usage("--payload must be between 8 and 16384");
    }
    for (int k : fanout.inFlight()) {
      if (k * (fanout.payloadBytes() + 64L) > 65_000) {
        throw PerfException.usage("--in-flight " + k + " does not fit one frame of 64 KiB");
      }
    }
    if (serverCore.isPresent() && serverCore.equals(clientCore)) {
      throw PerfException.usage("--server-core and --client-core must differ");
    }
  }
}
