package dev.switchboard.session;

/// What the heartbeat owes a session at a given moment: a pure decision.
///
/// @param intervalMillis `client.ping_interval`; 0 switches pings off
/// @param timeoutMillis `client.pong_timeout`
/// @param graceSeconds that clients have to refresh, or nothing when a back end is asked instead
/// @param subscriptionGraceSeconds that clients have to refresh a subscription
/// @param rotation how long a session may stay
public record Liveness(
    int intervalMillis,
    int timeoutMillis,
    long graceSeconds,
    long subscriptionGraceSeconds,
    Rotation rotation) {
  /// What to do with a session.
  public enum Verdict {
    /// Nothing.
    ALIVE,
    /// Send a ping.
    PING_DUE,
    /// Close it: it did not answer the last ping.
    NO_PONG,
    /// Its time is over.
    EXPIRED,
    /// It has been here for long, and has to connect again.
    AGED
  }

  /// The verdict on `session`.
  ///
  /// @param nowMillis the loop's monotonic milliseconds
  /// @param epochSecond wall-clock time; only token expiry depends on it
  public Verdict of(Session session, int nowMillis, long epochSecond) {
    if (session.expireAt() != 0 && epochSecond > session.expireAt() + graceSeconds) {
      return Verdict.EXPIRED;
    }
    if (rotation.isOn() && rotation.isOver(session.key(), session.age())) {
      return Verdict.AGED;
    }
    if (intervalMillis == 0) {
      return Verdict.ALIVE;
    }
    int since = nowMillis - session.pingAt();
    if (session.awaitingPong()) {
      return since >= timeoutMillis ? Verdict.NO_PONG : Verdict.ALIVE;
    }
    return since >= 0 ? Verdict.PING_DUE : Verdict.ALIVE;
  }
}
