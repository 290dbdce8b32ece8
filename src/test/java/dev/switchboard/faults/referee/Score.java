package dev.switchboard.faults.referee;

/// @param breaches how often a rule was broken
/// @param chances how often it could have been broken
public record Score(long breaches, long chances) {
  static final Score NONE = new Score(0, 0);

  Score minus(Score earlier) {
    return new Score(breaches - earlier.breaches, chances - earlier.chances);
  }
}
