package dev.switchboard.simulation;

/// How the bus behaves; what a TCP connection would never do is in the lower half.
///
/// @param latency of a message, nanoseconds
/// @param jitter added at most
/// @param lateWritten share of messages of which the bus says late that they are written
/// @param failed share that is reported as failed, and may arrive nevertheless
/// @param dropped share that is lost without a word
/// @param doubled share that comes again later
/// @param overtaken share that comes late, after its successors
/// @param damaged share in which a bit is flipped
record Weather(
    long latency,
    long jitter,
    double lateWritten,
    double failed,
    double dropped,
    double doubled,
    double overtaken,
    double damaged) {

  /// What a connection that lives does.
  static Weather fair(long latency) {
    return new Weather(latency, latency / 2, 0, 0, 0, 0, 0, 0);
  }

  /// What connections do that come and go.
  static Weather unsteady(Chance chance) {
    long latency = chance.spread(30 * Timeline.MICRO, 10 * Timeline.MILLI);
    return new Weather(latency, latency * 2, 0.05, 0.005, 0, 0, 0, 0);
  }

  /// Anything goes.
  static Weather chaos(Chance chance) {
    double level = chance.of(0.002, 0.02, 0.1, 0.3);
    return new Weather(
        chance.spread(30 * Timeline.MICRO, 100 * Timeline.MILLI),
        chance.spread(Timeline.MILLI, 300 * Timeline.MILLI),
        0.1,
        level / 2,
        level,
        level,
        level,
        level / 10);
  }
}
