package dev.switchboard.perf;

/// A measurement that cannot go on, said so that the person at the terminal knows what to do.
final class PerfException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Exit code when a measurement went wrong.
  static final int FAILED = 1;

  /// Exit code when the command line is wrong.
  static final int USAGE = 2;

  /// Exit code when something must be installed or built first.
  static final int MISSING = 3;

  private final int exitCode;

  private PerfException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /// A server or the client did not do what the scenario needs.
  static PerfException failed(String message) {
    return new PerfException(FAILED, message, null);
  }

  /// As [#failed(String)], with the exception that says why.
  static PerfException failed(String message, Throwable cause) {
    return new PerfException(FAILED, message + ": " + cause, cause);
  }

  /// The command line asks for something that does not exist.
  static PerfException usage(String message) {
    return new PerfException(USAGE, message + " (see perf/run --help)", null);
  }

  /// A tool or a build is not there.
  static PerfException missing(String message) {
    return new PerfException(MISSING, message, null);
  }

  /// What the process should exit with.
  int exitCode() {
    return exitCode;
  }
}
