package dev.switchboard.quorum;

/// One node on a [Roster].
///
/// @param voter random id of one memory of votes: it outlives a merge, but no restart
/// @param incarnation of the node's present stay; a merge brings another one
/// @param since version of the roster from which on this voter was on all of them
/// @param votes false for a node that announced its leave: it still holds copies
public record Seat(long voter, long incarnation, long since, boolean votes) {}
