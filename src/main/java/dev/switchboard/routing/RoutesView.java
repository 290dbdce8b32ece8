package dev.switchboard.routing;

import dev.switchboard.peer.PeerView;
import java.util.List;

/// Which routes one node has: what the others should know of it, and what it knows of them.
///
/// @param interest channels and users this node has
/// @param digest of those, whatever their order
/// @param rosterVersion of the list of nodes that count, 0 while there is none
/// @param quorum whether a majority of those is there
public record RoutesView(
    long incarnation,
    int interest,
    long digest,
    List<PeerView> peers,
    long rosterVersion,
    boolean quorum) {}
