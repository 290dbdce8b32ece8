package dev.switchboard.tenure;

/// What decides about one copy of a shard.
///
/// @param generation of the shard; random
/// @param sequence of the last batch in it
public record Copy(long generation, Title title, long sequence) {
  /// Whether this copy, rather than another one, is what goes on if either does. Of two lineages
  /// neither is newer.
  public boolean isNewer(Copy other) {
    if (title.lineage() != other.title.lineage()) {
      return false;
    }
    if (generation != other.generation) {
      return title.version() > other.title.version();
    }
    return title.term() == other.title.term()
        ? sequence > other.sequence
        : title.term() > other.title.term();
  }
}
