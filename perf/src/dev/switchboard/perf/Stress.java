package dev.switchboard.perf;

import java.time.Duration;
import java.util.List;

/// What the command line asked of the scenarios that put nodes under stress.
record Stress(Drop drop, Crowd crowd, Churn churn, Gc gc) {
  /// What `--help` says of their options.
  static final String HELP =
      """
      Options of drop, crowd, churn and gc (defaults in brackets)
        --connections N       in all [drop, gc: 15000; crowd: 100000]
        --gone N              drop: how many of them vanish and come back [10000]
        --subscribers N       drop: sockets that stay and are sent messages [500]; gc: of each
                              channel [100]
        --rate N              messages per second [drop: 1000; crowd: 100]; gc: deliveries per
                              second [50000]; churn: clients that come per second [100]
        --nodes N             crowd: nodes [6]
        --channels N          crowd: channels, each with subscribers on every node [1000]
        --collectors LIST     gc: of serial, g1, z, shenandoah [all]
        --tolerance MIB       churn: by how much live heap at rest may grow [5]
        --settle SECONDS      churn: rest before live heap at rest is read [40]
        --payload BYTES       size of a publication's data [128]
        --warmups N           drop: drops before the one that is measured [8]
        --warmup SECONDS      before it is measured [drop: 10; crowd: 20; churn: 60; gc: 30]
        --measure SECONDS     drop: before and after the drop [10]; crowd: 60; churn: 3600; gc: 120
        --repeats N           drop: runs [3]
      """;

  /// A node that loses most of its clients at once, who all come back.
  ///
  /// @param gone how many of the connections vanish
  /// @param subscribers those of the rest that are sent messages
  /// @param rate messages per second to them
  /// @param warmups drops before the one that is measured
  /// @param measure delays before the drop and, again, after the last is back
  record Drop(
      int connections,
      int gone,
      int subscribers,
      int rate,
      int payloadBytes,
      int warmups,
      Duration warmup,
      Duration measure,
      int repeats) {
    private static Drop of(Arguments given) {
      return new Drop(
          one(given, "--connections", 15_000),
          given.number("--gone", 10_000),
          given.number("--subscribers", 500),
          one(given, "--rate", 1_000),
          given.number("--payload", 128),
          given.number("--warmups", 8),
          given.seconds("--warmup", 10),
          given.seconds("--measure", 10),
          given.number("--repeats", 3));
    }

    void check() {
      if (gone + subscribers > connections) {
        throw PerfException.usage("--gone and --subscribers are more than --connections");
      }
    }
  }

  /// Very many connections on several nodes, with messages between all of them.
  ///
  /// @param channels which the connections share evenly, on every node
  /// @param rate messages per second, from all nodes in turn to all channels in turn
  record Crowd(
      int nodes,
      int connections,
      int channels,
      int rate,
      int payloadBytes,
      Duration warmup,
      Duration measure) {
    private static Crowd of(Arguments given) {
      return new Crowd(
          given.number("--nodes", 6),
          one(given, "--connections", 100_000),
          one(given, "--channels", 1_000),
          one(given, "--rate", 100),
          given.number("--payload", 128),
          given.seconds("--warmup", 20),
          given.seconds("--measure", 60));
    }

    /// Connections of each node; the last one's may be fewer.
    int each() {
      return (connections + nodes - 1) / nodes;
    }

    void check() {
      if (connections - (nodes - 1) * each() < channels) {
        throw PerfException.usage("a node has fewer connections than there are --channels");
      }
    }
  }

  /// Clients that come and go.
  ///
  /// @param rate of them per second
  /// @param warmup churn before live heap at rest is read for the first time
  /// @param settle how long the node rests without clients before that
  /// @param tolerance MiB by which live heap at rest may have grown at the end
  record Churn(int rate, Duration warmup, Duration measure, Duration settle, int tolerance) {
    private static Churn of(Arguments given) {
      return new Churn(
          one(given, "--rate", 100),
          given.seconds("--warmup", 60),
          given.seconds("--measure", 3_600),
          given.seconds("--settle", 40),
          given.number("--tolerance", 5));
    }
  }

  /// A node with much to deliver under several collectors.
  ///
  /// @param subscribers of each channel
  /// @param rate deliveries per second
  record Gc(
      List<Collector> collectors,
      int connections,
      int subscribers,
      int rate,
      int payloadBytes,
      Duration warmup,
      Duration measure) {
    private static Gc of(Arguments given) {
      List<Collector> asked = given.texts("--collectors").stream().map(Collector::of).toList();
      return new Gc(
          asked.isEmpty() ? List.of(Collector.values()) : asked,
          one(given, "--connections", 15_000),
          given.number("--subscribers", 100),
          one(given, "--rate", 50_000),
          given.number("--payload", 128),
          given.seconds("--warmup", 30),
          given.seconds("--measure", 120));
    }
  }

  static Stress of(Arguments given) {
    return new Stress(Drop.of(given), Crowd.of(given), Churn.of(given), Gc.of(given));
  }

  /// Of an option that other scenarios take as a list.
  private static int one(Arguments given, String name, int otherwise) {
    return given.numbers(name, "" + otherwise).getFirst();
  }
}
