package dev.switchboard.tenure;

/// A node's word about a term of a shard: it will not go on from it but as it says here.
///
/// @param holder voter of who says it
/// @param successor for whom it gave up what it has as a holder: for good, unless that one
///   renounces; 0 when it did not
/// @param term that is meant
/// @param sequence of its copy of that term, 0 when it has none
/// @param newest newest term it knows: above `term` when the title that was asked for is history
/// @param alone whether the other holder was off the roster, while this one never was
/// @param renounced whether it will never go on by what others gave it, for good
public record GaveUp(
    long holder,
    long generation,
    long successor,
    long term,
    long sequence,
    long newest,
    boolean alone,
    boolean renounced) {}
