package dev.switchboard.routing;

import dev.switchboard.peer.PeerView;
import java.util.List;

/// Which routes one node has: what the others should know of it, and what it knows of them.
///
/// @param interest channels and users this node has
/// @param digest of those, whatever their order
public record RoutesView(long incarnation, int interest, long digest, List<PeerView> peers) {}
