/// Moves messages to the sessions and channels they are for, on whichever event loop those live.
///
/// [dev.switchboard.routing.MessageRouter] may be called on any thread; each
/// [dev.switchboard.routing.Inbox] is one event loop's side of it. Start reading at the router.
package dev.switchboard.routing;
