package dev.switchboard.perf;

import java.util.List;
import java.util.stream.IntStream;

/// The channels of a fan-out, over which subscribers are spread evenly.
///
/// @param names all of one length: a message has the same size whatever channel it is for
record Channels(List<String> names) {
  /// Bun and others call it a topic.
  private static final String NAME = "fan";

  static final Channels ONE = of(1);

  /// So many channels.
  static Channels of(int count) {
    return new Channels(
        count == 1
            ? List.of(NAME)
            : IntStream.range(0, count).mapToObj((NAME + "-%05d")::formatted).toList());
  }

  int count() {
    return names.size();
  }

  /// The number of the channel that a subscriber listens to.
  int numberOf(int subscriber) {
    return subscriber % names.size();
  }

  /// The name of that channel.
  String nameOf(int subscriber) {
    return names.get(numberOf(subscriber));
  }
}
