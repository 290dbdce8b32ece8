/// Leads the sessions of one event loop through the streams they follow.
///
/// A [dev.switchboard.channel.Feed] is what one audience has got of its stream, and decides
/// nothing; [dev.switchboard.feed.Feeds] looks after all of a loop's: it reads the log for what
/// does not come by itself, and [dev.switchboard.feed.Joining] leads a new subscriber in. Start
/// reading at `Feeds`.
package dev.switchboard.feed;
