package dev.switchboard.link;

import java.time.Duration;

/// The limits of every link.
///
/// Immutable. Meant to be the same on all nodes; of two leases the shorter one counts.
///
/// @param windowBytes unacknowledged and queued items to one peer; the transport holds at most an
///   eighth of it again
/// @param ageMax after which an ageing item is dropped
/// @param lease how long a grant lasts; also the age up to which a clock sample is believed
/// @param tick how often [PeerLink#onTick] comes
public record LinkSettings(int windowBytes, Duration ageMax, Duration lease, Duration tick) {}
