package dev.switchboard.routing;

/// Another node, without which the answer would be wrong, did not answer in time.
public final class NoAnswerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoAnswerException() {
    // No stack trace: a stuck node makes many of these.
    super("another node did not answer in time", null, false, false);
  }
}
