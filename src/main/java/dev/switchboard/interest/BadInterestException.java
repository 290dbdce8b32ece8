package dev.switchboard.interest;

/// Bytes that are no [InterestNews].
public final class BadInterestException extends Exception {
  private static final long serialVersionUID = 1L;

  /// What is wrong with the bytes.
  public enum Reason {
    /// There are none.
    EMPTY,
    /// The first byte names no kind of news.
    UNKNOWN_TYPE,
    /// There are more or fewer bytes than the kind or its counts ask for.
    WRONG_LENGTH,
    /// A hash is 0 or 1, which no name has.
    RESERVED_HASH,
    /// Shards are named twice or out of order.
    UNORDERED_SHARDS
  }

  private final Reason reason;

  /// @param reason what is wrong
  public BadInterestException(Reason reason) {
    // No stack trace: who sends it decides how often this is thrown.
    super(reason.name(), null, false, false);
    this.reason = reason;
  }

  /// What is wrong.
  public Reason reason() {
    return reason;
  }
}
