package dev.switchboard.routing;

/// A publication that was not taken because too much is under way; nothing of it was delivered.
///
/// Whoever published may try again: clients and services are answered with error 111.
public final class BusyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param sentence which limit was reached
  public BusyException(String sentence) {
    // No stack trace: it is thrown most when there is no time for one.
    super(sentence, null, false, false);
  }
}
