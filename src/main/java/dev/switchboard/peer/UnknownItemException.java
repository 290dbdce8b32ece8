package dev.switchboard.peer;

/// A peer said something that this version does not know.
final class UnknownItemException extends Exception {
  private static final long serialVersionUID = 1L;

  UnknownItemException(String message) {
    super(message);
  }
}
