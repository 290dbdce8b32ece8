/// Keeps who listens to which channel on one event loop, and what a channel's namespace allows.
///
/// Knows nothing of sessions: a subscriber is a type parameter. Start reading at
/// [dev.switchboard.channel.Subscriptions]; [dev.switchboard.channel.Policies] says what a channel
/// may do.
package dev.switchboard.channel;
