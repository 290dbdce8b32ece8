package dev.switchboard.routing;

/// What became of a message for one session.
///
/// @param client the session's public id, or the recipient as it was named when nobody is there
public record Delivery(String client, Outcome outcome) {
  /// How far a message got.
  public enum Outcome {
    /// All its bytes were handed to the kernel.
    WRITTEN("written"),
    /// The client confirmed it.
    ACKED("acked"),
    /// It waits in the session's outbox for a reader that takes its time.
    QUEUED("queued"),
    /// It was given up: the session was closing, or its encoding cannot carry the payload.
    DROPPED("dropped"),
    /// The user has no session.
    OFFLINE("offline"),
    /// No node knows such a client.
    UNKNOWN("unknown");

    private final String label;

    Outcome(String label) {
      this.label = label;
    }

    /// The word used in the API.
    public String label() {
      return label;
    }
  }
}
