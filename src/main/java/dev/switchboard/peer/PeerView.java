package dev.switchboard.peer;

import java.time.Duration;

/// One peer as operators see it.
///
/// @param open whether both ends of the link know each other
/// @param leaseHeld whether this node may rely on what the peer told it
/// @param leaseGranted whether the peer may rely on what this node told it
/// @param interest how many channels and users the peer has, as far as this node knows
/// @param digest of those
/// @param windowUsed bytes under way to the peer
/// @param roundTrip the shortest lately seen, zero when there is none
public record PeerView(
    long incarnation,
    boolean open,
    boolean leaseHeld,
    boolean leaseGranted,
    int interest,
    long digest,
    long windowUsed,
    Duration roundTrip) {}
