/// Keeps who is on which channel, on every node that has a subscriber there.
///
/// A member belongs to the node that has its session; other nodes have copies, told over the links
/// between nodes. Start reading at [dev.switchboard.presence.Presence], then
/// [dev.switchboard.presence.PresencePeer], which is one other node. Why copies, and who is told:
/// ADR 0008.
///
/// Plain code: no threads, no timers, no Vert.x. All but [dev.switchboard.presence.PresenceDesk]
/// belongs to the peer loop, or to a loop that stands in for it on a node without peers.
package dev.switchboard.presence;
