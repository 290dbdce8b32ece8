package dev.switchboard.faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What is done to a cluster, and how soon the others must know.
enum Scenario {
  KILL9_ONE("kill9-one", "kill -9 of one node", Fault.KILL, 1, seconds(2), seconds(1)),
  // When the oldest is among them, the survivor first asks the other dead one, for as long as an
  // operation of Hazelcast may take (5 s).
  KILL9_TWO("kill9-two", "kill -9 of two nodes at once", Fault.KILL, 2, seconds(2), seconds(7)),
  SIGTERM("sigterm", "SIGTERM to one node", Fault.TERMINATE, 1, seconds(2), seconds(1)),
  ROLLING(
      "rolling",
      "all nodes restart, one after the other",
      Fault.ROLL,
      Integer.MAX_VALUE,
      seconds(0),
      seconds(2)),
  SIGSTOP_5S("sigstop-5s", "one node stands still for 5 s", Fault.STOP, 1, seconds(5), null),
  SIGSTOP_30S(
      "sigstop-30s", "one node stands still for 30 s", Fault.STOP, 1, seconds(30), seconds(13)),
  STUCK(
      "stuck",
      "one node stands still for 30 s under a flood of 4 kB for its clients",
      Fault.FLOOD,
      1,
      seconds(30),
      seconds(13)),
  PARTITION_30S(
      "partition-30s", "one node is cut off for 30 s", Fault.CUT, 1, seconds(30), seconds(13)),
  CUT_10S(
      "cut-10s",
      "one node is cut off for about as long as the others wait for it",
      Fault.BRINK,
      1,
      seconds(10),
      null),
  ONE_WAY_30S(
      "one-way-30s", "nobody hears one node for 30 s", Fault.MUTE, 1, seconds(30), seconds(13)),
  FLAPPING("flapping", "one node is cut off for 1 s, 10 times", Fault.FLAP, 1, seconds(1), null),
  MERGE_KILL(
      "merge-kill",
      "one node is cut off for 15 s, then one is killed while both sides merge",
      Fault.MERGE,
      1,
      seconds(15),
      seconds(13));

  /// How a node is hurt.
  enum Fault {
    KILL,
    TERMINATE,
    /// Everybody, one after the other, each once the last is back.
    ROLL,
    STOP,
    /// Stopped while others have much for its clients.
    FLOOD,
    CUT,
    /// Cut off, and back when some may have dropped it and others not yet.
    BRINK,
    /// Cut off in one direction.
    MUTE,
    /// Cut off and healed again and again.
    FLAP,
    /// Cut off and healed, and a node is killed while that mends.
    MERGE
  }

  private final String label;
  private final String text;
  private final Fault fault;
  private final int victims;
  private final Duration lasts;
  private final Duration detected;

  Scenario(String label, String text, Fault fault, int victims, Duration lasts, Duration detected) {
    this.label = label;
    this.text = text;
    this.fault = fault;
    this.victims = victims;
    this.lasts = lasts;
    this.detected = detected;
  }

  private static Duration seconds(int number) {
    return Duration.ofSeconds(number);
  }

  /// As on the command line.
  String label() {
    return label;
  }

  /// One line for people.
  String text() {
    return text;
  }

  Fault fault() {
    return fault;
  }

  /// From the fault to its end.
  Duration lasts() {
    return lasts;
  }

  /// How soon the others must know that the victims are gone; empty when they need not.
  Optional<Duration> detected() {
    return Optional.ofNullable(detected);
  }

  /// How soon 99 % of the victims' clients must have a whole session again; empty for any time.
  Optional<Duration> mostRecovered() {
    return this == KILL9_ONE ? Optional.of(seconds(5)) : Optional.empty();
  }

  /// Whether it may cost streams their continuity: all copies of something may be gone. Whoever is
  /// subscribed must be told even then.
  boolean newEpochs() {
    return this == KILL9_TWO;
  }

  /// Whether so few are left that streams wait until the others are back.
  boolean leavesMinority(int nodes) {
    return fault == Fault.KILL && (nodes - victims) * 2 <= nodes;
  }

  /// Whether it needs cables to pull.
  boolean needsNamespaces() {
    return switch (fault) {
      case CUT, BRINK, MUTE, FLAP, MERGE -> true;
      case KILL, TERMINATE, ROLL, STOP, FLOOD -> false;
    };
  }

  /// Numbers of the nodes it happens to; every round it is somebody else's turn.
  List<Integer> victims(int round, int nodes) {
    return IntStream.range(0, Math.min(victims, nodes))
        .map(each -> (nodes + round + each - 2) % nodes + 1)
        .boxed()
        .toList();
  }

  static Optional<Scenario> named(String label) {
    return Arrays.stream(values()).filter(one -> one.label.equals(label)).findFirst();
  }
}
