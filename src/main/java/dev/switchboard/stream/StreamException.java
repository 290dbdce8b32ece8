package dev.switchboard.stream;

/// A stream could not be written or read.
public final class StreamException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Why.
  public enum Reason {
    /// Too few nodes of the cluster are together, or no other node can hold a copy now.
    NO_QUORUM,
    /// Nobody knows whether it was kept; only a repeat with the same key is safe.
    INDETERMINATE,
    /// A bound is reached; later there may be room.
    FULL,
    /// Nobody answered in time; nothing was kept.
    UNAVAILABLE
  }

  private final Reason reason;

  /// @param message what an operator can do something with
  public StreamException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /// Why.
  public Reason reason() {
    return reason;
  }
}
