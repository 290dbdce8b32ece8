package dev.switchboard.protocol;

/// A payload that the socket's encoding cannot carry: bytes that are not JSON on a JSON socket.
public final class UnencodableException extends Exception {
  private static final long serialVersionUID = 1L;

  /// @param message what was wrong, without any client data
  public UnencodableException(String message) {
    // No stack trace: strangers decide how often this is thrown.
    super(message, null, false, false);
  }
}
