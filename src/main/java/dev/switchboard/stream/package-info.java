/// Streams: what was published to a channel with history, numbered, bounded and kept for a while.
///
/// Pure state machines and values; no I/O, no Vert.x, no Hazelcast.
package dev.switchboard.stream;
