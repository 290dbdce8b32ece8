package dev.switchboard.session;

/// When a session has been connected for long enough: a pure decision.
///
/// The age differs from session to session, so that those who came together do not go together; it
/// follows from the session's own key, and costs no memory.
///
/// @param ageMaxSeconds `client.age_max`, which nobody passes; 0 for as long as they like
public record Rotation(int ageMaxSeconds) {
  /// Share of the age over which the moments are spread.
  private static final double SPREAD = 0.25;

  /// Whether there is an age at all.
  public boolean isOn() {
    return ageMaxSeconds != 0;
  }

  /// Whether a session of that age has to connect again.
  ///
  /// @param key of the session, which is random
  /// @param ageSeconds since it opened
  public boolean isOver(long key, int ageSeconds) {
    double spread = ageMaxSeconds * SPREAD * ((key >>> 48) / 65_536.0);
    return ageSeconds >= ageMaxSeconds - spread;
  }
}
