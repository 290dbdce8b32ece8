package dev.switchboard.tenure;

/// What decides about one copy of a shard.
///
/// @param generation of the shard; random
/// @param sequence of the last batch in it
public record Copy(long generation, Title title, long sequence) {}
