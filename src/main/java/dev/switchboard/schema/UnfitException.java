package dev.switchboard.schema;

/// A payload that must not be published. The message says where and why, in one line.
public final class UnfitException extends Exception {
  private static final long serialVersionUID = 1L;

  // Enough for a path and a sentence; who publishes chose the names in the path.
  private static final int MESSAGE_MAX = 300;

  private final Reason reason;

  /// Why it is not published.
  public enum Reason {
    /// It is no JSON, or has two members of one name.
    NOT_JSON,
    /// `schemas.payload_bytes_max`.
    TOO_LONG,
    /// `schemas.steps_max`.
    TOO_COSTLY,
    /// It does not fit the schema.
    MISFIT
  }

  UnfitException(Reason reason, String sentence) {
    super(clipped(sentence), null, false, false);
    this.reason = reason;
  }

  private static String clipped(String sentence) {
    String line = sentence.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= MESSAGE_MAX ? line : line.substring(0, MESSAGE_MAX) + "...";
  }

  /// Why it is not published.
  public Reason reason() {
    return reason;
  }
}
