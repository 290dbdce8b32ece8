package dev.switchboard.stream;

/// A place in a stream.
///
/// @param epoch names one continuity of offsets; another one means that something may be lost
/// @param offset of the last publication before this place; 0 before the first
public record Position(String epoch, long offset) {}
