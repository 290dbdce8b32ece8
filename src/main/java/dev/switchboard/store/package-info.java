/// Keeps streams on one node and a copy on another.
///
/// Beside `cluster` the only importer of Hazelcast.
package dev.switchboard.store;
