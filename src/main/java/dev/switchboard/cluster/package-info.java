/// Knows which nodes there are and in what state this one is. What an incarnation is: ADR 0006.
///
/// With `stream`, the only package that may import Hazelcast. Start reading at
/// [dev.switchboard.cluster.ClusterEntrance].
package dev.switchboard.cluster;
