package dev.switchboard.backend;

/// What a back end answers.
///
/// @param <R> what it grants
public sealed interface Verdict<R> {
  /// The result.
  record Answered<R>(R result) implements Verdict<R> {}

  /// An error of the application.
  ///
  /// @param code 400 to 1999
  /// @param temporary whether the same may succeed later
  record Refused<R>(int code, String message, boolean temporary) implements Verdict<R> {}

  /// The client has to go.
  ///
  /// @param code 4000 to 4999: below 4500 it comes back
  /// @param reason at most 123 bytes
  record Closed<R>(int code, String reason) implements Verdict<R> {}
}
