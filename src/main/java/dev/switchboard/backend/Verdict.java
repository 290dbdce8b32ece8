package dev.switchboard.backend;

/// What a back end answers.
public sealed interface Verdict {
  /// The result.
  ///
  /// @param data for the client; JSON if it speaks JSON
  record Answered(byte[] data) implements Verdict {}

  /// An error of the application.
  ///
  /// @param code 400 to 1999
  /// @param temporary whether the same may succeed later
  record Refused(int code, String message, boolean temporary) implements Verdict {}

  /// The client has to go.
  ///
  /// @param code 4000 to 4999: below 4500 it comes back
  /// @param reason at most 123 bytes
  record Closed(int code, String reason) implements Verdict {}
}
