package dev.switchboard.auth;

/// A token, or an answer of a back end, that is refused; the reason holds nothing of it.
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /// @param reason which rule was broken, without any client data
  public RefusedException(String reason) {
    // No stack trace: strangers decide how often this is thrown.
    super(reason, null, false, false);
  }
}
