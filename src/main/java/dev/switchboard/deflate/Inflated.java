package dev.switchboard.deflate;

/// What became of a compressed message.
public sealed interface Inflated {
  /// It is whole.
  ///
  /// @param message owned by whoever gets it
  record Whole(byte[] message) implements Inflated {}

  /// It is longer than allowed; how long, nobody has tried.
  record TooLong() implements Inflated {}

  /// It is no compressed message, or not all of one.
  record Broken() implements Inflated {}
}
