package dev.switchboard.tenure;

/// What a node remembers of a shard's generation, apart from its copy. Immutable.
///
/// Hazelcast may replace or bring back a copy by an older one: then this tells. Owned by the node,
/// one for each of the latest generations of a shard; it outlives a merge, and goes with the
/// process.
///
/// @param term newest term in which this node held or confirmed a copy
/// @param sequence newest batch of that term that it held or confirmed
/// @param gaveUp terms up to this one it will not go on from as a holder
/// @param successor voter for whom it gave up the latest of them
/// @param renounced terms up to this one it will never go on from by what others gave it
public record Mark(long term, long sequence, long gaveUp, long successor, long renounced) {
  /// Of a generation that this node knows nothing of.
  public static final Mark NONE = new Mark(0, 0, 0, 0, 0);

  /// The node holds or confirmed this copy.
  public Mark seen(Copy copy) {
    long newTerm = copy.title().term();
    if (newTerm < term || newTerm == term && copy.sequence() <= sequence) {
      return this;
    }
    return new Mark(newTerm, copy.sequence(), gaveUp, successor, renounced);
  }

  /// Whether the node held a newer copy, or gave this one up.
  boolean outdates(Copy copy) {
    return copy.title().term() <= gaveUp || isNewer(copy);
  }

  /// Whether the node can never go on from a copy, whatever others say.
  boolean isPast(Copy copy) {
    return copy.title().term() < gaveUp || copy.title().term() <= renounced || isNewer(copy);
  }

  private boolean isNewer(Copy copy) {
    long other = copy.title().term();
    return other < term || other == term && copy.sequence() < sequence;
  }

  /// For whom the node gave up a term; 0 when it did not.
  long heir(long ofTerm) {
    return gaveUp == ofTerm ? successor : 0;
  }

  Mark giveUp(long newTerm, long newSuccessor) {
    return new Mark(term, sequence, newTerm, newSuccessor, renounced);
  }

  Mark renounce(long newTerm) {
    return new Mark(term, sequence, gaveUp, successor, Math.max(renounced, newTerm));
  }
}
