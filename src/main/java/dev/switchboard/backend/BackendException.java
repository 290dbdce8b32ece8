package dev.switchboard.backend;

/// A back end gave no answer that could be passed on.
public final class BackendException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /// Why.
  public enum Reason {
    /// It did not answer, or not as it should.
    FAILED,
    /// It failed so often that it is left alone for a while.
    RESTING,
    /// As many calls wait for it as may.
    BUSY
  }

  BackendException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  /// Why.
  public Reason reason() {
    return reason;
  }
}
