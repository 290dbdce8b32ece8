package dev.switchboard.auth;

/// What became of a presented token.
///
/// @param <T> what a good token grants
public sealed interface TokenOutcome<T> {
  /// The token is good.
  record Granted<T>(T grant) implements TokenOutcome<T> {}

  /// The signature is good, but its time is over or has not come.
  record Expired<T>() implements TokenOutcome<T> {}

  /// No key that is known now signed it, and nobody can be asked for others now.
  record Unknown<T>() implements TokenOutcome<T> {}

  /// Anything else; the reason is for DEBUG logs and holds nothing of the token.
  record Refused<T>(String reason) implements TokenOutcome<T> {}
}
