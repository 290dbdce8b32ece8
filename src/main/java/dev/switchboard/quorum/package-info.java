/// Who counts: the members of the cluster as a majority agreed on them, one list after the other.
///
/// Plain single-threaded Java with clock, randomness and transport given from outside. Start
/// reading at [dev.switchboard.quorum.Electorate]; why it is as it is: ADR 0007.
package dev.switchboard.quorum;
