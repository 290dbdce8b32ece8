/// Holds what this node knows of the other nodes and says to them: links, interest, questions.
///
/// Plain single-threaded Java with clock, randomness and transport given from outside, so that a
/// whole cluster runs in one thread from a seed. Start reading at [dev.switchboard.peer.Peers].
package dev.switchboard.peer;
