package dev.switchboard.tenure;

/// A holder's word that it will never go on from a term; or that it cannot give it.
///
/// @param holder incarnation of who gives up
/// @param successor for whom it did; another one than who asked when that was earlier
/// @param term up to which it gave up
/// @param sequence of its copy of that term, 0 when it has none
/// @param newest newest term it knows: above `term` when the title that was asked for is history
/// @param alone whether the other holder was off the roster, while this one never was
public record GaveUp(
    long holder,
    long generation,
    long successor,
    long term,
    long sequence,
    long newest,
    boolean alone) {}
