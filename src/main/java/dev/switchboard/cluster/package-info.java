/// Knows which nodes there are and in what state this one is.
///
/// With `stream`, the only package that may import Hazelcast. Start reading at
/// [dev.switchboard.cluster.ClusterEntrance].
package dev.switchboard.cluster;
