package dev.switchboard.link;

/// Bytes that are no message of this cluster's links.
///
/// Immutable, without a stack trace: strangers can cause as many as they like.
public final class BadLinkMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  /// Why the bytes were refused.
  public enum Reason {
    /// Shorter than any message.
    TOO_SHORT,
    /// Not ours, or of a format this node does not know.
    UNKNOWN_FORMAT,
    /// Not signed with this cluster's key, or changed on the way.
    BAD_SIGNATURE,
    /// Signed, but its lengths or values contradict each other.
    MALFORMED
  }

  private final Reason reason;

  BadLinkMessageException(Reason reason) {
    super(reason.name(), null, false, false);
    this.reason = reason;
  }

  /// Why; a closed set, fit for a label.
  public Reason reason() {
    return reason;
  }
}
