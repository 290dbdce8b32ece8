package dev.switchboard.stream;

/// What became of a [Draft] that was not refused.
public sealed interface Appended {
  /// Where the stream had got to with it.
  Position position();

  /// It is in the stream: on its owner and, in a cluster, on another node too.
  record Stored(Position position) implements Appended {}

  /// Its key was seen before; the position is of the first one, with offset 0 when that one was not
  /// kept.
  record Repeated(Position position) implements Appended {}

  /// A version as new or newer is there; the position is the stream's end.
  record Outdated(Position position) implements Appended {}

  /// It was not meant to be kept; the position is the stream's end.
  record Passed(Position position) implements Appended {}
}
