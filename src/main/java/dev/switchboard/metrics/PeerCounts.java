package dev.switchboard.metrics;

/// What the peer loop knows of the cluster, as of its last tick.
///
/// @param members nodes of the cluster, this one included
/// @param linksOpen other nodes this one can speak with
/// @param leasesHeld other nodes whose interest this one knows
/// @param interest channels and users this node has
/// @param windowBytes bytes on their way to other nodes
public record PeerCounts(
    int members, int linksOpen, int leasesHeld, int interest, long windowBytes) {
  /// A node that knows of no other.
  public static final PeerCounts ALONE = new PeerCounts(1, 0, 0, 0, 0);
}
