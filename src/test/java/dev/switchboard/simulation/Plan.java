package dev.switchboard.simulation;

import dev.switchboard.link.LinkSettings;
import dev.switchboard.peer.PeerSettings;
import java.time.Duration;

/// What a seed decides beforehand.
///
/// @param nodes processes at the start
/// @param loops event loops of each
/// @param active how long sessions come and go and faults happen, nanoseconds
/// @param channels how many there are
/// @param pause between two actions on a node, on average, nanoseconds
/// @param faultPause between two faults, on average, nanoseconds
/// @param weather outside of storms
/// @param bytesMax of a publication
/// @param burst publications at once, at most
/// @param crowd other channels that a loop takes or leaves at once
record Plan(
    long seed,
    int nodes,
    int loops,
    long active,
    int channels,
    long pause,
    long faultPause,
    Weather weather,
    int bytesMax,
    int burst,
    int crowd,
    PeerSettings settings) {
  static final Duration LEASE = Duration.ofSeconds(2);
  static final Duration AGE_MAX = Duration.ofSeconds(2);
  static final Duration TICK = Duration.ofMillis(250);

  static Plan of(long seed, Chance chance) {
    int window = chance.of(16, 64, 256, 8_192) * 1_024;
    var link = new LinkSettings(window, AGE_MAX, LEASE, TICK);
    var settings =
        new PeerSettings(
            link, Duration.ofSeconds(chance.of(2, 5)), chance.of(5, 1_000), Duration.ofSeconds(3));
    return new Plan(
        seed,
        chance.of(2, 3, 3, 3, 4, 5),
        chance.of(1, 2, 3),
        chance.between(5, 25) * Timeline.SECOND,
        chance.of(2, 5, 12),
        chance.spread(30 * Timeline.MILLI, Timeline.SECOND),
        chance.spread(Timeline.SECOND, 15 * Timeline.SECOND),
        weather(chance),
        chance.of(20, 200, 2_000),
        chance.of(1, 1, 5, 40),
        chance.of(1, 1, 1, 1, 30, 300, 300, 1_500),
        settings);
  }

  private static Weather weather(Chance chance) {
    return switch (chance.below(4)) {
      case 0 -> Weather.fair(chance.spread(30 * Timeline.MICRO, 5 * Timeline.MILLI));
      case 1, 2 -> Weather.unsteady(chance);
      default -> Weather.chaos(chance);
    };
  }

  /// Whether what happens at once on a node may fill a window for a moment.
  boolean isCrowded() {
    return burst > 1 || crowd > 1;
  }

  int windowBytes() {
    return settings.link().windowBytes();
  }
}
