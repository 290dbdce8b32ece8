package dev.switchboard.stream;

/// A place in a stream.
///
/// @param epoch names one continuity of offsets; another one means that something may be lost
/// @param offset of the last publication before this place; 0 before the first
public record Position(String epoch, long offset) {
  private static final int EPOCH_LETTERS = 8;
  private static final int ALPHABET = 26;

  /// Where a channel's log begins in `generation`.
  static Position start(long generation, String channel) {
    return new Position(epoch(generation, channel), 0);
  }

  /// The epoch of a channel's log that begins in `generation`. Every release must find the same.
  private static String epoch(long generation, String channel) {
    long rest = hash(generation, channel) >>> 1;
    char[] letters = new char[EPOCH_LETTERS];
    for (int i = 0; i < EPOCH_LETTERS; i++) {
      letters[i] = (char) ('a' + rest % ALPHABET);
      rest /= ALPHABET;
    }
    return new String(letters);
  }

  /// A hash of a channel's name that nodes and releases agree on.
  static long hash(long seed, String channel) {
    long hash = seed;
    for (int i = 0; i < channel.length(); i++) {
      hash = mix(hash + channel.charAt(i));
    }
    return mix(hash + channel.length());
  }

  /// Spreads the bits of a number over all of it, one to one.
  static long mix(long number) {
    // The constants of SplitMix64.
    long mixed = number + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }
}
