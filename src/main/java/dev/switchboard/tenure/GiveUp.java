package dev.switchboard.tenure;

/// Asks a holder of a shard to give up a term; the answer is a [GaveUp].
///
/// @param shard number of the shard
/// @param copy what the asker has
/// @param successor incarnation of the asker
public record GiveUp(int shard, Copy copy, long successor) {}
