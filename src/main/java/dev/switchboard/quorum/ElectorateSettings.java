package dev.switchboard.quorum;

import java.time.Duration;

/// When nodes give up waiting for a majority.
///
/// @param membersMin `cluster.members_min`: so many nodes, together for `together`, may begin a new
///   lineage, with new epochs; 0 when only an operator may
/// @param available whether those that are left without a majority begin one by themselves
/// @param together how long members have to be the same before a lineage is begun or given up
/// @param repeat after which time what may be lost is said again
public record ElectorateSettings(
    int membersMin, boolean available, Duration together, Duration repeat) {}
