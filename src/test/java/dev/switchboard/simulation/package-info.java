/// Runs whole clusters of [dev.switchboard.peer.Peers] in one thread, each from a seed.
///
/// Time, network, membership, sessions and faults are models; link, interest and peer are the real
/// ones. Start reading at [dev.switchboard.simulation.Schedule], one run;
/// [dev.switchboard.simulation.Simulation] runs thousands.
package dev.switchboard.simulation;
