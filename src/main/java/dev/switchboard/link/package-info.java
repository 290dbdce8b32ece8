/// Carries items between two nodes in order and once, over a bus that loses, doubles and delays.
///
/// Pure: no Vert.x, no threads, no clock of its own; everything happens on the peer loop unless it
/// says "any thread". Why not the bus alone: ADR 0004. Start reading at
/// [dev.switchboard.link.PeerLink], one end of a pair.
package dev.switchboard.link;
