/// Keeps which node has a subscriber of which channel or a session of which user.
///
/// Every node owns its own interest ([dev.switchboard.interest.LocalInterest]) and tells it to each
/// peer through an [dev.switchboard.interest.InterestOutbox]; what a peer told is a
/// [dev.switchboard.interest.PeerInterest], which every publish looks into. Names cross as 64-bit
/// hashes ([dev.switchboard.interest.RouteHash]); a false hit costs a message that the receiver
/// throws away, as it checks the real key. Why hashes, and who waits for whom: ADR 0005.
///
/// Plain code: no threads, no timers, no Vert.x. All but the methods that say "any thread" belongs
/// to the peer loop.
package dev.switchboard.interest;
