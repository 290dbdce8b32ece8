package dev.switchboard.cluster;

/// Another node, for one stay in the cluster. Immutable.
///
/// @param incarnation id of the stay; a node that left and came back has another
/// @param name what the node calls itself, as `info` and the logs show it
/// @param address host and port of its Hazelcast member
public record Member(long incarnation, String name, String address) {}
