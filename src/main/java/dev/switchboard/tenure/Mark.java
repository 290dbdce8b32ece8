package dev.switchboard.tenure;

/// What a node remembers of a shard's generation, apart from its copy. Immutable.
///
/// Hazelcast may replace or bring back a copy by an older one: then this tells. Owned by the node,
/// one for each of the latest generations of a shard; gone with the process or the incarnation.
///
/// @param term newest term in which this node held or confirmed a copy
/// @param sequence newest batch of that term that it held or confirmed
/// @param gaveUp terms up to this one it will never go on from
/// @param successor incarnation for whom it gave up the latest of them
public record Mark(long term, long sequence, long gaveUp, long successor) {
  /// Of a generation that this node knows nothing of.
  public static final Mark NONE = new Mark(0, 0, 0, 0);

  /// The node holds or confirmed this copy.
  public Mark seen(Copy copy) {
    long newTerm = copy.title().term();
    if (newTerm < term || newTerm == term && copy.sequence() <= sequence) {
      return this;
    }
    return new Mark(newTerm, copy.sequence(), gaveUp, successor);
  }

  /// Whether the node held a newer copy, or gave this one up.
  boolean outdates(Copy copy) {
    long other = copy.title().term();
    return other <= gaveUp || other < term || other == term && copy.sequence() < sequence;
  }

  Mark giveUp(long newTerm, long newSuccessor) {
    return new Mark(term, sequence, newTerm, newSuccessor);
  }
}
