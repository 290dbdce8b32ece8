package dev.switchboard.faults;

/// One attempt to publish.
///
/// @param stamp what the payload says
/// @param outcome what the node answered
record Sent(FleetEvent.Stamp stamp, String channel, Outcome outcome) {
  /// What became of the request.
  enum Outcome {
    ACCEPTED,
    REFUSED,
    /// No answer in time, or the connection broke: it may have been published.
    UNKNOWN
  }
}
