package dev.switchboard.simulation;

import java.util.HashMap;
import java.util.Map;

/// One subscription of a session; also its claim to be reached as a user.
///
/// Pending until it is established; then it gets publications.
final class Subscriber {
  private final SimSession session;
  private final long hash;
  private final Map<Long, Long> lastOrders = new HashMap<>();
  private boolean established;
  private boolean ended;

  Subscriber(SimSession session, long hash) {
    this.session = session;
    this.hash = hash;
  }

  /// The number of the last publication of a node that came, 0 for none.
  ///
  /// @return the one before
  long noteOrder(long incarnation, long order) {
    Long before = lastOrders.put(incarnation, order);
    return before == null ? 0 : before;
  }

  void establish() {
    established = true;
  }

  void end() {
    ended = true;
  }

  SimSession session() {
    return session;
  }

  long hash() {
    return hash;
  }

  /// Whether the client knows that it is subscribed.
  boolean established() {
    return established && !ended;
  }

  boolean ended() {
    return ended;
  }

  @Override
  public String toString() {
    return "subscriber of %016x on %s".formatted(hash, session);
  }
}
