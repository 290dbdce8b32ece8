package dev.switchboard.tenure;

/// Who holds a shard, written in each copy of it. Immutable.
///
/// Only the owner adds to the shard, and nothing counts that not both hold. So of one term there is
/// one line of batches, and every copy of that term is a beginning of it.
///
/// @param lineage of the roster it was made by
/// @param version of that roster
/// @param term counts the changes of hands, from 1 in each generation
/// @param start sequence of the shard at which the term began
/// @param owner voter of the node that adds
/// @param backup voter of the node that holds the copy; 0 when there is no other node
public record Title(long lineage, long version, long term, long start, long owner, long backup) {
  /// Whether a node is one of the two.
  public boolean names(long voter) {
    return voter == owner || voter == backup;
  }

  /// The other one of the two, seen from one of them; from elsewhere the owner.
  long other(long voter) {
    return voter == owner ? backup : owner;
  }
}
