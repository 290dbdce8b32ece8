package dev.switchboard.protocol;

/// A message that is not in the client protocol; the text is for DEBUG logs only.
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  /// @param message what was wrong, without any client data
  public MalformedException(String message) {
    // No stack trace: strangers decide how often this is thrown.
    super(message, null, false, false);
  }
}
