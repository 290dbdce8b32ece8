/// Keeps streams on one node and a copy on another.
///
/// Beside `cluster` the only importer of Hazelcast. Start reading at
/// [dev.switchboard.store.ShardedStreams]: a draft waits in a lane, flies in a batch to the shard's
/// owner, is copied from there, and only then answered.
package dev.switchboard.store;
