package dev.switchboard.cli;

/// A command that was understood and did not work out: one line, exit code 1.
public final class FailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param sentence what went wrong and what to do about it, on one line
  public FailedException(String sentence) {
    super(sentence, null, false, false);
  }
}
