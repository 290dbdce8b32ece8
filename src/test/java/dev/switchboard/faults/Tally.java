package dev.switchboard.faults;

/// What the ledger found in one round.
///
/// @param accepted publications a node accepted
/// @param delivered receipts of all clients
/// @param lost accepted on an untouched node, not received by a session of an untouched node
/// @param missed the same where one of the nodes was under the fault: allowed, channels have no log
/// @param duplicates the same publication twice in one session
/// @param reordered after a later one of the same publisher, on the same channel and session
/// @param stale received later after the stamp than allowed
/// @param oldestMillis the oldest of all receipts
record Tally(
    long accepted,
    long delivered,
    long lost,
    long missed,
    long duplicates,
    long reordered,
    long stale,
    long oldestMillis) {
  /// Nothing happened.
  static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0, 0);

  /// Both together.
  Tally plus(Tally other) {
    return new Tally(
        accepted + other.accepted,
        delivered + other.delivered,
        lost + other.lost,
        missed + other.missed,
        duplicates + other.duplicates,
        reordered + other.reordered,
        stale + other.stale,
        Math.max(oldestMillis, other.oldestMillis));
  }
}
