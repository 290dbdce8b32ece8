package dev.switchboard.auth;

/// A token that is refused; the reason is for DEBUG logs and holds nothing of the token.
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /// @param reason which rule was broken, without any client data
  RefusedException(String reason) {
    // No stack trace: strangers decide how often this is thrown.
    super(reason, null, false, false);
  }
}
